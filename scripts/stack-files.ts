// Part of `make check`: what the Docker client itself says about the compose files. It needs no engine.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from './lib/paths.ts';

const file = (part: string): string => join(checkout, 'docker', part);
/** Files that are deployed together as a stack; each of them is for `docker compose` as well. */
const stacks = [
  ['compose.prod.yml'],
  ['compose.prod.yml', 'compose.tls.yml'],
  ['compose.prod.yml', 'compose.ha.yml'],
  ['compose.prod.yml', 'compose.tls.yml', 'compose.ha.yml'],
];
/** What only `docker compose` takes. */
const composeOnly = [
  ['compose.yml'],
  ['compose.prod.yml', 'compose.host.yml'],
  ['compose.prod.yml', 'compose.host.yml', 'compose.tls.yml'],
  ['compose.prod.yml', 'compose.host.yml', 'compose.build.yml'],
];
/** What a file asks for without a fallback. */
const env = { ...process.env, BANGUI_URL: 'https://bangui.example', DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

const complaints: string[] = [];

/** Runs the Docker client; gives its exit status and all that it printed. */
function docker(...args: readonly string[]): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync('docker', args, { env, encoding: 'utf8', timeout: 60_000 });
  return { status, text: `${stdout}${stderr}` };
}

function complain(what: string, text: string): void {
  complaints.push(`${what}:\n${text.trim()}`);
}

if (docker('--version').status !== 0) {
  console.log('Skipped: the compose files are not checked, because there is no Docker client (`docker`) here.');
} else {
  for (const files of stacks) {
    const args = files.flatMap((part) => ['--compose-file', file(part)]);
    const config = docker('stack', 'config', ...args);
    if (config.status !== 0) complain(`docker stack config, ${files.join(' + ')}`, config.text);
    // Before it looks for an engine, which is not there, it names the options that a Swarm would ignore.
    const deploy = docker('stack', 'deploy', ...args, 'bangui');
    const ignored = deploy.text.split('\n').filter((line) => /(?:unsupported|deprecated) options/.test(line));
    if (ignored.length > 0) complain(`docker stack deploy, ${files.join(' + ')}`, ignored.join('\n'));
  }
  if (docker('compose', 'version').status !== 0) {
    console.log('Skipped: `docker compose config`, because the Docker client has no compose plugin here.');
  } else {
    for (const files of [...stacks, ...composeOnly]) {
      const config = docker('compose', ...files.flatMap((part) => ['--file', file(part)]), 'config', '--quiet');
      if (config.status !== 0 || config.text !== '')
        complain(`docker compose config, ${files.join(' + ')}`, config.text);
    }
  }
}
if (complaints.length > 0) {
  console.error(complaints.join('\n'));
  process.exitCode = 1;
}
