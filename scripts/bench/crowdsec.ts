import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { freePort } from '../lib/free-port.ts';
import { run } from '../lib/programs.ts';
import { unpackedPackage } from '../lib/unpacked-package.ts';
import { peakOf } from './iprange.ts';
import { until } from './measure.ts';

/** What CrowdSec needed to import addresses. */
export interface CrowdsecFigures {
  readonly tookMs: number;
  /** Peak resident memory of its local API in MB. */
  readonly peakMb: number;
}

/**
 * Imports addresses with `cscli decisions import` into a local API of CrowdSec that only this knows: Debian's package, unpacked,
 * with SQLite, and without its agent, its hub and its central API. It listens on loopback and ends with this.
 */
export async function crowdsecImport(addresses: readonly string[]): Promise<CrowdsecFigures> {
  const root = await unpackedPackage('crowdsec');
  const folder = await mkdtemp(join(tmpdir(), 'bangui-bench-crowdsec-'));
  const config = join(folder, 'config.yaml');
  const cscli = (...args: string[]): Promise<string> => run(join(root, 'usr/bin/cscli'), ['-c', config, ...args]);
  try {
    const port = await freePort();
    await mkdir(join(folder, 'hub'));
    await writeFile(join(folder, 'hub/.index.json'), '{}');
    await writeFile(join(folder, 'credentials.yaml'), '');
    for (const name of ['simulation.yaml', 'profiles.yaml']) {
      await copyFile(join(root, 'etc/crowdsec', name), join(folder, name));
    }
    await writeFile(config, configuration(folder, port));
    const secret = randomBytes(16).toString('hex');
    await cscli('machines', 'add', 'bench', '--password', secret, '-f', join(folder, 'credentials.yaml'));
    const server = spawn(join(root, 'usr/bin/crowdsec'), ['-no-cs', '-c', config], { stdio: 'ignore' });
    const ended = once(server, 'exit');
    try {
      await until(20_000, 'CrowdSec', () =>
        fetch(`http://127.0.0.1:${port}/`).then(
          () => true,
          () => undefined,
        ),
      );
      const list = join(folder, 'list.csv');
      await writeFile(list, `value\n${addresses.join('\n')}\n`);
      const startedAt = performance.now();
      await cscli('decisions', 'import', '-i', list);
      return { tookMs: performance.now() - startedAt, peakMb: await peakOf(server.pid ?? 0) };
    } finally {
      server.kill('SIGKILL');
      await ended;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Everything of it below one folder. */
function configuration(folder: string, port: number): string {
  return `common: { daemonize: false, log_media: stdout, log_level: error, working_dir: ${folder} }
config_paths:
  config_dir: ${folder}
  data_dir: ${folder}
  simulation_path: ${folder}/simulation.yaml
  hub_dir: ${folder}/hub
  index_path: ${folder}/hub/.index.json
crowdsec_service: { enable: false }
cscli: { output: human }
db_config: { type: sqlite, db_path: ${folder}/crowdsec.db, use_wal: true }
api:
  client: { credentials_path: ${folder}/credentials.yaml }
  server: { enable: true, log_level: error, listen_uri: '127.0.0.1:${port}', profiles_path: ${folder}/profiles.yaml }
prometheus: { enabled: false }
`;
}
