// `make dev`: portal with hot replacement, API rebuilt and restarted on change, and a fail2ban as `make run` picks it.
import { join } from 'node:path';
import { prepareBackstage } from './lib/backstage.ts';
import { Children, onStopRequest } from './lib/children.ts';
import { checkout, varDir } from './lib/paths.ts';
import { ensurePortIsFree } from './lib/ports.ts';
import { main, run } from './lib/programs.ts';

/** The portal's development server hands /api on to this port, see apps/portal/proxy.conf.json. */
const apiPort = 8000;
const portalPort = 5173;
const host = '127.0.0.1';
const graceMs = 15_000;

await main(async () => {
  await ensurePortIsFree(host, apiPort, '(make dev has fixed ports)');
  await ensurePortIsFree(host, portalPort, '(make dev has fixed ports)');
  const children = new Children();
  const traffic = new AbortController();
  const stop = async () => {
    traffic.abort();
    await children.stopAll(graceMs);
  };
  onStopRequest(stop, () => children.killAll());

  try {
    console.log('Building libraries and API once ...');
    await run('npm', ['run', '--silent', 'build:libs'], { cwd: checkout });
    // With an error in it, the API starts as soon as the error is mended.
    await run('npm', ['run', '--silent', 'build:api'], { cwd: checkout }).catch((error: unknown) =>
      console.error(String(error)),
    );
    const { env, lines } = await prepareBackstage(children, { dir: varDir, isDemo: false, signal: traffic.signal });
    const apiEnv = { BANGUI_LOG_FORMAT: 'pretty', ...env, BANGUI_HOST: host, BANGUI_PORT: String(apiPort) };
    const tool = (name: string) => join(checkout, 'node_modules/.bin', name);
    const cwd = checkout;
    children.start('libraries', tool('tsc'), ['-b', '-w', '--preserveWatchOutput', 'libs/fail2ban-config'], {
      cwd,
      env,
    });
    children.start('API build', tool('nest'), ['build', 'api', '--watch', '--preserveWatchOutput'], { cwd, env });
    const node = ['--watch', '--watch-preserve-output', '--enable-source-maps', 'apps/api/dist/main.js'];
    children.start('API', process.execPath, node, { cwd, env: apiEnv });
    const portal = children.start('portal', tool('ng'), ['serve', 'portal'], { cwd, env });
    console.log(
      [
        '',
        `Portal: http://localhost:${portalPort}   API: http://localhost:${apiPort}`,
        ...lines,
        'Ctrl-C stops all.',
        '',
      ].join('\n'),
    );
    const { promise, resolve } = Promise.withResolvers<unknown>();
    children.onUnexpectedEnd(portal, resolve);
    console.error(`The portal's server ended (${String(await promise)}).`);
    process.exitCode = 1;
  } finally {
    await stop();
  }
});
