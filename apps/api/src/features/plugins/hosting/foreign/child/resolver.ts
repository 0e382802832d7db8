import type { ResolveHookSync } from 'node:module';
import type { ChildPlaces } from '../messages.ts';

/**
 * Decides what may be imported: the package's own modules, and the SDK, of which ours is given. Nothing that belongs to
 * Node, nothing else that is installed. So a source needs no SDK beside it, and does not reach what a permission cannot
 * keep from it: sockets of the machine.
 */
export function resolverFor({ plugin, host, sdk }: ChildPlaces): ResolveHookSync {
  const folders = [plugin, host, sdk.folder, sdk.zodFolder];
  const names: Readonly<Record<string, string>> = {
    '@bangui/plugin-sdk': sdk.main,
    '@bangui/plugin-sdk/host': sdk.hostPart,
  };
  return (specifier, { parentURL }, next) => {
    const isOurs = parentURL?.startsWith(host) === true;
    if (isOurs && specifier.startsWith('node:')) return next(specifier);
    if (isOurs && specifier.startsWith(plugin)) return found(specifier);
    if (specifier === 'zod' && parentURL?.startsWith(sdk.folder)) return found(sdk.zodMain);
    const named = Object.hasOwn(names, specifier) ? names[specifier] : undefined;
    if (named !== undefined) return found(named);
    const folder = folders.find((candidate) => parentURL?.startsWith(candidate));
    if (folder !== undefined && /^\.{1,2}\//.test(specifier)) {
      const url = new URL(specifier, parentURL).href;
      if (url.startsWith(folder)) return found(url);
    }
    throw new Error(`${specifier} cannot be imported: a source gets all it needs from @bangui/plugin-sdk`);
  };
}

/** Says the format at once, so that nobody looks for a package.json outside of what may be read. */
function found(url: string): { url: string; format: string; shortCircuit: true } {
  return { url, format: url.endsWith('.ts') ? 'module-typescript' : 'module', shortCircuit: true };
}
