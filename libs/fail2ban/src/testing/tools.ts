import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Programs of fail2ban that tests run. */
export interface Fail2banTools {
  /** `fail2ban-server`. */
  server: string;
  /** `fail2ban-client`. */
  client: string;
  /** A Python that can import the same fail2ban. */
  python: string;
}

const INSTALLED: Fail2banTools = {
  server: '/usr/bin/fail2ban-server',
  client: '/usr/bin/fail2ban-client',
  python: '/usr/bin/python3',
};

/**
 * Finds fail2ban's programs: the copy below `var/tools` of this repository, else Debian's installed package.
 * @throws when neither is there; a test without its server must fail, not pass unseen
 */
export function fail2banTools(): Fail2banTools {
  const bin = join(repositoryRoot(), 'var', 'tools', 'fail2ban', 'bin');
  const unpacked: Fail2banTools = {
    server: join(bin, 'fail2ban-server'),
    client: join(bin, 'fail2ban-client'),
    python: join(bin, 'python3'),
  };
  for (const tools of [unpacked, INSTALLED]) {
    if (existsSync(tools.server) && existsSync(tools.client) && existsSync(tools.python)) return tools;
  }
  throw new Error('There is no fail2ban to test against: run "make tools".');
}

function repositoryRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'nest-cli.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The root of the repository was not found.');
    folder = parent;
  }
  return folder;
}
