import { pathToFileURL } from 'node:url';
import { type HostedSource, type SourceLocation } from '../hosted-source.ts';
import { checksumOf } from './checksum.ts';
import { describeSource, loadSource, type SourceDescription } from './describe-source.ts';
import { type ForeignCode } from './foreign/child-process.ts';
import { type ChildTimes, describeForeign, ForeignSource, usualTimes } from './foreign/foreign-source.ts';
import { InProcessSource } from './in-process-source.ts';
import { PluginFault, reasonOf } from './plugin-fault.ts';

/**
 * Opens a source where it is, in this thread. Needs nothing but the location, so that a worker thread can do it.
 * @throws PluginFault when its code cannot be loaded, is no source, or has changed
 */
export async function openSource(location: SourceLocation, times: ChildTimes = usualTimes): Promise<HostedSource> {
  const { id, trust, entry } = location;
  const description =
    location.description ??
    (trust === 'foreign'
      ? await describeForeign(foreignCode(location), times)
      : describeSource(await loadSource(pathToFileURL(entry).href)));
  const { metadata } = description;
  if (metadata.id !== id) throw new PluginFault('broken', `It calls itself ${metadata.id}, not ${id}.`);
  return sourceAt(location, description, times);
}

/** A source of which is known what it says about itself. */
export function sourceAt(
  location: SourceLocation,
  description: SourceDescription,
  times: ChildTimes = usualTimes,
): HostedSource {
  return location.trust === 'foreign'
    ? new ForeignSource(foreignCode(location), description, times)
    : new InProcessSource(location.entry, description, times.parseMs);
}

/** The code of a foreign source, which is run only while it is what its checksum says. */
function foreignCode({ directory, entry, checksum }: Omit<SourceLocation, 'id' | 'trust'>): ForeignCode {
  return {
    directory,
    entry,
    verify: async () => {
      let now: string;
      try {
        now = await checksumOf(directory);
      } catch (error) {
        throw new PluginFault('broken', `Its files cannot be checked: ${reasonOf(error)}`, { cause: error });
      }
      if (now !== checksum) throw new PluginFault('broken', 'Its files are not those that were added.');
    },
  };
}
