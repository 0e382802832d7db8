import { parseArgs } from 'node:util';
import { createSource, type SourceNames } from './create-source.ts';

const USAGE = 'Usage: npm create bangui-source <id> -- [--host <host of the publisher>] [--scope <npm scope>]';
const ID = /^(?=.{2,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const SCOPE = /^@?[a-z0-9][a-z0-9-]{0,100}$/;

/** Runs the command `create-bangui-source` in a folder; answers the exit code. */
export async function runCli(args: readonly string[], folder: string): Promise<number> {
  const names = readNames(args);
  if (!names) {
    console.error(USAGE);
    return 2;
  }
  const { target, problem } = await createSource(names, folder);
  if (problem !== undefined) {
    console.error(problem);
    return 1;
  }
  console.log(`Made ${target}. Next:\n\n  cd ${target}\n  npm install\n  npm test`);
  return 0;
}

function readNames(args: readonly string[]): SourceNames | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { host: { type: 'string', default: 'lists.example.org' }, scope: { type: 'string' } },
    });
    const [id, ...more] = positionals;
    const { host, scope } = values;
    if (id === undefined || !ID.test(id) || more.length > 0 || !HOST.test(host)) return undefined;
    if (scope !== undefined && !SCOPE.test(scope)) return undefined;
    return { id, host, scope: scope?.replace('@', '') };
  } catch {
    // An unknown option.
    return undefined;
  }
}
