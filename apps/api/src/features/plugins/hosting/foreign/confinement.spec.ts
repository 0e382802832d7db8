import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { confinedNode } from './child-process.ts';
import { confinement, searchPath } from './confinement.ts';

// It starts processes, and a busy machine takes its time for each.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const run = promisify(execFile);

/** What code would do that got past everything we do in the child: it has all of Node, but Node and the system say no. */
const PROBE = `
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
const told = {};
const attempt = (name, work) => { try { work(); told[name] = 'open'; } catch (error) { told[name] = error.code ?? error.message; } };
attempt('own file', () => readFileSync(process.argv[1]));
attempt('files', () => readFileSync('/etc/passwd'));
attempt('folders', () => readdirSync('/'));
attempt('processes', () => readFileSync('/proc/' + process.ppid + '/environ'));
attempt('writing', () => writeFileSync(process.argv[1] + '.x', ''));
attempt('programs', () => { const { error } = spawnSync('/bin/true'); if (error) throw error; });
attempt('threads', () => new Worker('1', { eval: true }));
attempt('addons', () => process.dlopen({ exports: {} }, '/none.node'));
told.environment = Object.keys(process.env);
const socket = connect(Number(process.argv[2]), '127.0.0.1');
const outcome = (text) => { told.network = text; console.log(JSON.stringify(told)); socket.destroy(); };
socket.once('connect', () => outcome('open')).once('error', (error) => outcome(error.code));
`;

let dir: string;
let server: Server;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-confined-'));
  await writeFile(join(dir, 'probe.mjs'), PROBE);
  server = createServer((socket) => socket.destroy());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  server.close();
  await rm(dir, { recursive: true, force: true });
});

it('keeps code in a child from files, programs, threads, addons, the environment and, where the system can, the network', async () => {
  const { confined, prefix } = await confinement();
  const { port } = server.address() as { port: number };
  const [program = '', ...args] = [...prefix, ...confinedNode([dir]), join(dir, 'probe.mjs'), String(port)];
  const { stdout } = await run(program, args, { env: searchPath });
  const denied = 'ERR_ACCESS_DENIED';
  expect(JSON.parse(stdout)).toEqual({
    'own file': 'open',
    files: denied,
    folders: denied,
    processes: denied,
    writing: denied,
    programs: denied,
    threads: denied,
    addons: expect.stringMatching(/ERR_DLOPEN/) as unknown,
    environment: ['PATH'],
    network: confined === 'permission+network' ? 'ENETUNREACH' : 'open',
  });
});
