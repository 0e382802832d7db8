import { readFile } from 'node:fs/promises';
import { type Entry, type EntryBatch, type Feed, MalformedFeed } from '@bangui/plugin-sdk';
import { configProblems, isEntryBatch, unpack } from '@bangui/plugin-sdk/host';
import { describeForeignPlugin } from '../describe-foreign-plugin.ts';
import { findForeign } from '../find-foreign.ts';
import { type HostedSource } from '../hosted-source.ts';
import { openSource } from '../hosting/index.ts';
import { reasonOf } from '../hosting/plugin-fault.ts';
import { readLock } from '../plugins-lock.ts';
import { OperatorError } from './operator-error.ts';

/** Outcome of one check. */
export interface PluginCheck {
  readonly title: string;
  /** What is wrong; undefined when nothing is. */
  readonly problem: string | undefined;
  /** What was found, for people. */
  readonly detail?: string;
}

/** What to test. */
export interface TestOrder {
  readonly id: string;
  readonly folder: string;
  /** Its settings, in JSON. */
  readonly config: unknown;
  /** A downloaded list to read; without one only bodies that are no lists are tried. */
  readonly file: string | undefined;
}

/** What publishers send in place of a list; none of it may be taken for one. */
const noLists: Readonly<Record<string, Uint8Array>> = {
  'an HTML page': Buffer.from('<!doctype html><html><body>Checking your browser, 192.0.2.1</body></html>\n'),
  'a compressed body': Buffer.from('1f8b0800000000000003333430d233d233d2330400', 'hex'),
  'a body of zeros': new Uint8Array(100_000),
};
const testMs = 120_000;

/**
 * Runs those checks of the conformance suite that need nothing of the author, against an installed source, confined as it
 * runs later.
 * @throws OperatorError when there is no such source
 */
export async function testPlugin({ id, folder, config, file }: TestOrder): Promise<PluginCheck[]> {
  const source = await openAdded(id, folder);
  const checks: PluginCheck[] = [];
  const check = async (title: string, work: () => Promise<string | undefined>): Promise<void> => {
    try {
      const detail = await work();
      checks.push({ title, problem: undefined, ...(detail !== undefined && { detail }) });
    } catch (error) {
      checks.push({ title, problem: reasonOf(error) });
    }
  };
  let settings: unknown;
  let feeds: readonly Feed[] = [];
  await check('takes the settings', async () => {
    const result = await source.readConfig(config);
    if (result.issues) throw new Error(configProblems(result.issues).join('; '));
    settings = result.value;
    return JSON.stringify(settings);
  });
  await check('names feeds, the same ones each time', async () => {
    feeds = await source.feeds(settings);
    if (JSON.stringify(feeds) !== JSON.stringify(await source.feeds(settings))) throw new Error('The feeds differ.');
    return feeds.map(({ url }) => url).join(' ');
  });
  const [feed] = feeds;
  if (!feed) return checks;
  for (const [title, bytes] of Object.entries(noLists)) {
    await check(`does not take ${title} for a list`, async () => {
      const entries = await entriesOf(source, { feed, settings, bytes, chunkBytes: 65_536 });
      if (entries.length > 0) throw new Error(`It found ${entries.length} entries.`);
      return undefined;
    });
  }
  if (file !== undefined) {
    const bytes = await readFile(file);
    await check('reads the file the same in large and in small chunks', async () => {
      const whole = await entriesOf(source, { feed, settings, bytes, chunkBytes: 65_536 }, 'strict');
      const cut = await entriesOf(source, { feed, settings, bytes, chunkBytes: 997 }, 'strict');
      if (JSON.stringify(whole) !== JSON.stringify(cut)) throw new Error('What it reads depends on the chunks.');
      return `${whole.length} entries: ${whole.slice(0, 3).join(', ')}`;
    });
  }
  return checks;
}

async function openAdded(id: string, folder: string): Promise<HostedSource> {
  const found = (await findForeign(folder)).find(({ manifest }) => manifest?.id === id);
  if (!found) throw new OperatorError(`There is no source ${id} in ${folder}.`);
  const checked = await describeForeignPlugin(found, await readLock(folder));
  if ('problem' in checked) throw new OperatorError(checked.problem);
  return openSource(checked.location);
}

interface Sample {
  readonly feed: Feed;
  readonly settings: unknown;
  readonly bytes: Uint8Array;
  readonly chunkBytes: number;
}

/** Entries as texts. A body that is refused as malformed has none, unless that is what is asked about. */
async function entriesOf(
  source: HostedSource,
  { feed, settings, bytes, chunkBytes }: Sample,
  manner: 'strict' | 'lenient' = 'lenient',
): Promise<string[]> {
  const entries: string[] = [];
  try {
    const signal = AbortSignal.timeout(testMs);
    for await (const given of source.parse(inChunks(bytes, chunkBytes), feed, settings, signal))
      entries.push(...textsOf(given));
  } catch (error) {
    if (!(error instanceof MalformedFeed) || manner === 'strict') throw error;
    return [];
  }
  return entries;
}

function textsOf(given: Entry | EntryBatch): string[] {
  if (!isEntryBatch(given)) return [`${given.address}${given.reason === undefined ? '' : ` (${given.reason})`}`];
  return [...unpack(given)].map(({ family, first, last }) => `IPv${family} ${first.toString(16)}-${last.toString(16)}`);
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
