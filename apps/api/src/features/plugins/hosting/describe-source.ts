import { type BlocklistSource, type SourceMetadata } from '@bangui/plugin-sdk';
import { jsonSchemaOf, sourceProblems } from '@bangui/plugin-sdk/host';
import { PluginFault, reasonOf } from './plugin-fault.ts';

/** What a source says about itself, in plain data. */
export interface SourceDescription {
  readonly metadata: SourceMetadata;
  /** JSON Schema (2020-12) of its settings. */
  readonly configSchema: Readonly<Record<string, unknown>>;
}

/** Longest JSON of a description in characters: it is kept in memory and sent to browsers. */
export const MAX_DESCRIPTION_LENGTH = 128 * 1024;

/**
 * Imports a module and takes the source that it exports as `default`.
 * @param url file URL of the module
 * @throws PluginFault when it cannot be imported, or exports something else
 */
export async function loadSource(url: string): Promise<BlocklistSource> {
  let module: { readonly default?: unknown };
  try {
    // Whatever it exports: that is checked below.
    module = (await import(url)) as { readonly default?: unknown };
  } catch (error) {
    throw new PluginFault('broken', `Its code cannot be loaded: ${reasonOf(error)}`, { cause: error });
  }
  const problems = sourceProblems(module.default);
  if (problems.length > 0) throw new PluginFault('broken', `It exports no blocklist source: ${problems.join('; ')}`);
  return module.default as BlocklistSource;
}

/**
 * Reads off a source what can be known without running it.
 * @throws PluginFault when its schema cannot be had, or there is too much of it
 */
export function describeSource(source: BlocklistSource): SourceDescription {
  let text: string;
  try {
    text = JSON.stringify({ metadata: source.metadata, configSchema: jsonSchemaOf(source.config) });
  } catch (error) {
    throw new PluginFault('broken', `It does not describe itself: ${reasonOf(error)}`, { cause: error });
  }
  if (text.length > MAX_DESCRIPTION_LENGTH) throw new PluginFault('too-much', 'Its description is too long.');
  return JSON.parse(text) as SourceDescription;
}
