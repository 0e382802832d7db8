import { jsonItems, jsonLines, MalformedFeed } from '@bangui/plugin-sdk';
import { readJsonPath } from './json-path.ts';

/** The texts at a path of a JSON document, or of every line; what is no text there is an empty one. */
export async function* jsonAddresses(
  body: AsyncIterable<Uint8Array>,
  pathText: string,
): AsyncGenerator<string, void, undefined> {
  const path = readJsonPath(pathText);
  // The settings are checked; this is for settings of another release.
  if (!path) throw new MalformedFeed(`${JSON.stringify(pathText)} is no path.`);
  const items = path.toArray === undefined ? jsonLines(body) : jsonItems(body, { path: path.toArray });
  for await (const item of items) yield textAt(item, path.toAddress);
}

function textAt(item: unknown, names: readonly string[]): string {
  let value = item;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return '';
    value = Reflect.get(value, name);
  }
  return typeof value === 'string' ? value : '';
}
