/** Where the addresses of a JSON text are. */
export interface JsonPath {
  /** Names from the document to the array; undefined when every line is a document of its own. */
  readonly toArray: readonly string[] | undefined;
  /** Names from an item, or from the document of a line, to the address. */
  readonly toAddress: readonly string[];
}

const NAMES = /^[^.[\]\s]+(?:\.[^.[\]\s]+)*$/;

/** Reads `data.list[].ip`, `[].ip`, `[]` or `ip`; undefined for anything else. */
export function readJsonPath(text: string): JsonPath | undefined {
  const [before = '', after, ...more] = text.split('[]');
  if (more.length > 0) return undefined;
  if (before !== '' && !NAMES.test(before)) return undefined;
  if (after === undefined) return before === '' ? undefined : { toArray: undefined, toAddress: before.split('.') };
  const toArray = before === '' ? [] : before.split('.');
  if (after === '') return { toArray, toAddress: [] };
  return after.startsWith('.') && NAMES.test(after.slice(1))
    ? { toArray, toAddress: after.slice(1).split('.') }
    : undefined;
}
