import { type FreeRegexes, type StreamCommand } from '@bangui/fail2ban-config';

/** What a jail finds failures with, as its filter is written. */
export type StreamDefinition = FreeRegexes & { readonly usedns: string | null };

/** By jail, what a reload would give it: with `<HOST>` and the like, unlike what a server answers. */
export function definitionsIn(stream: readonly StreamCommand[]): Map<string, StreamDefinition> {
  const given = new Map<string, Map<string, string[]>>();
  for (const [kind, jail, option, value] of stream) {
    if ((kind !== 'set' && kind !== 'multi-set') || typeof jail !== 'string' || typeof option !== 'string') continue;
    const options = given.get(jail) ?? new Map<string, string[]>();
    given.set(jail, options);
    const values = (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined && one !== null);
    options.set(option, [...(options.get(option) ?? []), ...values.map(String)]);
  }
  return new Map(
    [...given].map(([jail, options]) => {
      const last = (option: string): string | null => options.get(option)?.at(-1) ?? null;
      const maxlines = last('maxlines');
      return [
        jail,
        {
          failregex: options.get('addfailregex') ?? [],
          ignoreregex: options.get('addignoreregex') ?? [],
          prefregex: last('prefregex'),
          datepattern: last('datepattern'),
          maxlines: maxlines === null ? null : Number(maxlines),
          usedns: last('usedns'),
        },
      ];
    }),
  );
}
