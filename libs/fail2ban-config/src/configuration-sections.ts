import type { EffectiveOption, Origin, SetValue } from './effective-configuration.ts';

/** One `[section]` of one file with its options. */
export interface FileSectionValues {
  readonly name: string;
  readonly header: Origin;
  readonly options: readonly (readonly [name: string, value: SetValue])[];
}

/**
 * The sections of several files laid over each other, as SafeConfigParserWithIncludes.read does it
 * (client/configparserinc.py): what comes later wins, option by option. Every earlier value is kept.
 */
export class ConfigurationSections {
  /** The settings of each option of DEFAULT; the last one is in force. */
  private readonly defaults = new Map<string, SetValue[]>();
  private readonly bySection = new Map<string, Map<string, SetValue[]>>();
  private readonly made = new Map<string, EffectiveOption>();
  private readonly headers = new Map<string, Origin[]>();

  /** Lays the sections of one file over what there is. `[Init?family=inet6]` gives options of `Init` that end in `?family=inet6`. */
  add(sections: readonly FileSectionValues[]): void {
    for (const { name, header, options } of sections) {
      if (name === 'DEFAULT') {
        for (const [option, value] of options) append(this.defaults, option, value);
        continue;
      }
      const [base, condition] = conditional(name);
      let target = this.bySection.get(base);
      if (target === undefined) this.bySection.set(base, (target = new Map<string, SetValue[]>()));
      for (const [option, value] of options) append(target, option + condition, value);
      append(this.headers, base, header);
    }
  }

  /** Sets what fail2ban itself supplies; it wins over what DEFAULT says. */
  setBuiltIn(option: string, raw: string): void {
    append(this.defaults, option, { raw, origin: null });
  }

  /** An option of DEFAULT that is the same in every section: made once. */
  shared(option: string, make: () => EffectiveOption | undefined): EffectiveOption | undefined {
    const made = this.made.get(option) ?? make();
    if (made) this.made.set(option, made);
    return made;
  }

  names(): Iterable<string> {
    return this.bySection.keys();
  }

  has(section: string): boolean {
    return this.bySection.has(section);
  }

  headersOf(section: string): readonly Origin[] {
    return this.headers.get(section) ?? [];
  }

  /** Names of the options of the section itself, without DEFAULT. */
  ownNames(section: string): Iterable<string> {
    return this.bySection.get(section)?.keys() ?? [];
  }

  defaultNames(): Iterable<string> {
    return this.defaults.keys();
  }

  /** Settings of an option, the nearest first: those of the section, last file first, then those of DEFAULT. */
  settings(section: string, option: string): readonly SetValue[] {
    const own = this.bySection.get(section)?.get(option) ?? none;
    const general = this.defaults.get(option) ?? none;
    return own.length === 0 ? general.toReversed() : [...own.toReversed(), ...general.toReversed()];
  }

  /** What the section itself says, without DEFAULT. */
  own(section: string, option: string): string | undefined {
    return this.bySection.get(section)?.get(option)?.at(-1)?.raw;
  }

  /** What the section said before the last file that sets the option: `%(known/option)s`. */
  known(section: string, option: string): string | undefined {
    return this.bySection.get(section)?.get(option)?.at(-2)?.raw;
  }

  default(option: string): string | undefined {
    return this.defaults.get(option)?.at(-1)?.raw;
  }
}

const none: readonly SetValue[] = [];

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** `Init?family=inet6` is `Init` under the condition `?family=inet6`. */
function conditional(section: string): readonly [base: string, condition: string] {
  const [, base, condition] = /^([\p{L}\p{N}_]+)(\?.+)$/u.exec(section) ?? [];
  return base !== undefined && condition !== undefined ? [base, condition] : [section, ''];
}
