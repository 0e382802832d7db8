import { pathToFileURL } from 'node:url';
import { type HostedSource, type SourceLocation } from '../hosted-source.ts';
import { checksumOf } from './checksum.ts';
import { describeSource, loadSource } from './describe-source.ts';
import {
  type ChildTimes,
  describeForeign,
  type ForeignCode,
  ForeignSource,
  usualTimes,
} from './foreign/foreign-source.ts';
import { InProcessSource } from './in-process-source.ts';
import { PluginFault, reasonOf } from './plugin-fault.ts';

/**
 * Opens a source where it is, in this thread. Needs nothing but the location, so that a worker thread can do it.
 * @throws PluginFault when its code cannot be loaded, is no source, or has changed
 */
export async function openSource(location: SourceLocation, times: ChildTimes = usualTimes): Promise<HostedSource> {
  const { id, trust, entry } = location;
  if (trust === 'foreign') {
    const code = foreignCode(location);
    const description = location.description ?? (await describeForeign(code, times));
    if (description.metadata.id !== id) throw misnamed(description.metadata.id, id);
    return new ForeignSource(code, description, times);
  }
  const description = location.description ?? describeSource(await loadSource(pathToFileURL(entry).href));
  if (description.metadata.id !== id) throw misnamed(description.metadata.id, id);
  return new InProcessSource(entry, description);
}

/** The code of a foreign source, which is run only while it is what its checksum says. */
export function foreignCode({ directory, entry, checksum }: Omit<SourceLocation, 'id' | 'trust'>): ForeignCode {
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

function misnamed(actual: string, wanted: string): PluginFault {
  return new PluginFault('broken', `It calls itself ${actual}, not ${wanted}.`);
}
