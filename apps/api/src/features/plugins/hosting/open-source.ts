import { pathToFileURL } from 'node:url';
import { type HostedSource, type SourceLocation } from '../hosted-source.ts';
import { describeSource, loadSource } from './describe-source.ts';
import { InProcessSource } from './in-process-source.ts';
import { PluginFault } from './plugin-fault.ts';

/**
 * Opens a source where it is, in this thread. Needs nothing but the location, so that a worker thread can do it.
 * @throws PluginFault when its code cannot be loaded or is no source
 */
export async function openSource({ id, trust, entry, description }: SourceLocation): Promise<HostedSource> {
  if (trust === 'foreign') throw new PluginFault('broken', 'Foreign sources cannot be run.');
  const known = description ?? describeSource(await loadSource(pathToFileURL(entry).href));
  if (known.metadata.id !== id) throw new PluginFault('broken', `It calls itself ${known.metadata.id}, not ${id}.`);
  return new InProcessSource(entry, known);
}
