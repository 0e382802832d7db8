// `make run`: serves what was built, with this machine's fail2ban or a private one, until Ctrl-C.
//   --demo     a private fail2ban even where the machine has one
//   --dir DIR  database, logs and private fail2ban go there instead of `var`
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { listenPlace, prepareBackstage, shown } from './lib/backstage.ts';
import { Children, onStopRequest } from './lib/children.ts';
import { checkout, varDir } from './lib/paths.ts';
import { ensurePortIsFree, localUrl } from './lib/ports.ts';
import { main, ScriptProblem } from './lib/programs.ts';

/** The API drains for up to 25 s. */
const graceMs = 30_000;
const startLimitMs = 30_000;

await main(async () => {
  const { values } = parseArgs({ options: { demo: { type: 'boolean', default: false }, dir: { type: 'string' } } });
  const dir = resolve(values.dir ?? varDir);
  const entry = join(checkout, 'apps/api/dist/bundle/main.js');
  if (!existsSync(entry)) throw new ScriptProblem('BanGUI is not built yet. Run: make run');
  const { host, port } = listenPlace(process.env);
  await ensurePortIsFree(host, port, `BANGUI_PORT=${port + 1} make run`);

  const children = new Children();
  const traffic = new AbortController();
  const stop = async () => {
    traffic.abort();
    await children.stopAll(graceMs);
  };
  onStopRequest(
    async () => {
      console.log('\nStopping: requests under way are finished first. Ctrl-C again stops at once.');
      await stop();
      console.log('Stopped; nothing is left running.');
    },
    () => children.killAll(),
  );

  try {
    const { env, lines } = await prepareBackstage(children, { dir, isDemo: values.demo, signal: traffic.signal });
    const logFile = join(dir, 'log/bangui.log');
    await mkdir(join(dir, 'log'), { recursive: true });
    const log = await open(logFile, 'w');
    const api = children.start('BanGUI', process.execPath, [entry], {
      cwd: checkout,
      env,
      stdio: ['ignore', log.fd, 'inherit'],
      // It would serve for seconds more, on a port that the next start needs.
      orphanSignal: 'SIGKILL',
      // Nothing here would send requests elsewhere in the meantime, so it need not serve on for a while.
      stopSignal: 'SIGINT',
    });
    await log.close();
    const { promise: apiEnded, reject } = Promise.withResolvers<never>();
    children.onUnexpectedEnd(api, (how) => reject(new ScriptProblem(`BanGUI ended by itself (${how}).`)));

    const url = localUrl(host, port);
    await Promise.race([
      untilLive(`${url.replace('localhost', host === '::1' ? '[::1]' : '127.0.0.1')}/api/health/live`),
      apiEnded,
    ]).catch(async (error: unknown) => {
      console.error((await readFile(logFile, 'utf8')).trim().split('\n').slice(-10).join('\n'));
      throw error;
    });
    console.log(
      [
        '',
        `BanGUI is running: ${url}`,
        '',
        ...lines,
        `  Log        ${shown(logFile)}`,
        '',
        'Ctrl-C stops everything.',
        '',
      ].join('\n'),
    );
    await apiEnded;
  } catch (error) {
    await stop();
    throw error;
  }
});

async function untilLive(url: string): Promise<void> {
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await wait(50);
  }
  throw new ScriptProblem(`BanGUI did not answer on ${url} within ${startLimitMs / 1000} s.`);
}
