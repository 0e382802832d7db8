import { type ConfigurationOption, type JailEdit, type ValueOrigin } from '../api/generated/models';
import { type Typed } from './draft-keeper';

/** What is typed for an option and not saved: a value of its own, or that other files decide again. */
export type OptionDraft = { readonly kind: 'set'; readonly value: string } | { readonly kind: 'unset' };

/** By option. */
export type OptionDrafts = ReadonlyMap<string, OptionDraft>;

/** An option as the form shows it. */
export interface OptionState {
  /** As it is written in the file in force; undefined when nobody sets it. */
  readonly option: ConfigurationOption | undefined;
  readonly draft: OptionDraft | undefined;
  /** Whether the value in force stands in the file in which BanGUI changes this jail. */
  readonly isSetHere: boolean;
  /** What the field shows: the draft, or else what is in force. */
  readonly shown: string;
}

/** Puts together what is in force and what is typed. `path` is the file in which BanGUI changes the jail. */
export function optionState(
  option: ConfigurationOption | undefined,
  draft: OptionDraft | undefined,
  path: string,
): OptionState {
  const isSetHere = option?.origin?.file === path;
  return { option, draft, isSetHere, shown: shownOf(option, draft, path) };
}

/** Drafts as a request; those that change nothing are left out. */
export function editOf(
  jail: string,
  drafts: OptionDrafts,
  { options, etag }: { readonly options: readonly ConfigurationOption[]; readonly etag: string | null },
): JailEdit {
  const set: JailEdit['set'] = [];
  const unset: string[] = [];
  for (const [option, draft] of drafts) {
    if (draft.kind === 'set') set.push({ option, value: normal(draft.value) });
    else if (options.some(({ name }) => name === option)) unset.push(option);
  }
  return { jail, set, unset, etag };
}

/** Drafts as the server keeps them. */
export function typedOf(drafts: OptionDrafts, etag: string | null): Typed {
  const set = [...drafts].flatMap(([option, draft]) => (draft.kind === 'set' ? [{ option, value: draft.value }] : []));
  const unset = [...drafts].flatMap(([option, draft]) => (draft.kind === 'unset' ? [option] : []));
  return { etag, set, unset, text: null };
}

/** The same read back. */
export function draftsOf({ set, unset }: Pick<Typed, 'set' | 'unset'>): OptionDrafts {
  return new Map<string, OptionDraft>([
    ...set.map(({ option, value }) => [option, { kind: 'set', value }] as const),
    ...unset.map((option) => [option, { kind: 'unset' }] as const),
  ]);
}

/** Where the value would come from without BanGUI's own file; undefined when nobody else sets it. */
export function valueOfOthers(
  option: ConfigurationOption | undefined,
  path: string,
): { readonly raw: string; readonly origin: ValueOrigin | null } | undefined {
  if (option === undefined || option.origin?.file !== path) return option;
  return option.overridden.find(({ origin }) => origin?.file !== path);
}

function shownOf(option: ConfigurationOption | undefined, draft: OptionDraft | undefined, path: string): string {
  if (draft?.kind === 'set') return draft.value;
  if (draft?.kind === 'unset') return valueOfOthers(option, path)?.raw ?? '';
  return option?.raw ?? '';
}

/** As fail2ban's parser gives it back: without what it ignores at the ends of lines. */
function normal(value: string): string {
  return value
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
