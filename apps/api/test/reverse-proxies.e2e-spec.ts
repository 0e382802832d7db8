import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../../../scripts/docs/markdown.ts';
import { unpackedPackage } from '../../../scripts/lib/unpacked-package.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';
import { freePort } from '../../../scripts/lib/free-port.ts';
import { adminCredentials } from './harness.ts';
import { operate } from './operate.ts';
import { selfSigned } from './test-certificate.ts';

const guide = resolve(import.meta.dirname, '../../../docs/guide/reverse-proxies.md');
const { cert, key } = selfSigned('localhost');
/** What a client puts into headers that only a proxy may set. */
const forged = '203.0.113.99';

let dir: string;
let api: Fail2banApi;
const children: ChildProcess[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-proxies-'));
  await Promise.all([writeFile(join(dir, 'cert.pem'), cert), writeFile(join(dir, 'key.pem'), key)]);
  api = await startFail2banApi({}, { env: { BANGUI_TRUSTED_PROXIES: '127.0.0.1,::1' } });
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.map(async (child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
  await api.stop();
  await rm(dir, { recursive: true, force: true });
});

/** The guide's file for a proxy, as it is printed there. */
async function printed(language: string): Promise<string> {
  const block = codeBlocks(await readFile(guide, 'utf8')).find((each) => each.language === language);
  if (block === undefined) throw new Error(`The guide has no block of ${language}.`);
  return block.text.replaceAll('127.0.0.1:8000', new URL(api.url).host);
}

async function startCaddy(port: number): Promise<void> {
  // Only the name and the certificate are the test's own: nobody gives one for `localhost`.
  const site = (await printed('caddyfile')).replace(
    'bans.example.org {',
    `https://localhost:${port} {\n\ttls ${join(dir, 'cert.pem')} ${join(dir, 'key.pem')}`,
  );
  const file = join(dir, 'Caddyfile');
  await writeFile(file, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}\n`);
  const program = join(await unpackedPackage('caddy'), 'usr/bin/caddy');
  children.push(spawn(program, ['run', '--config', file], { env: { HOME: dir, XDG_DATA_HOME: dir }, stdio: 'ignore' }));
}

async function startNginx(port: number): Promise<void> {
  const site = (await printed('nginx'))
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('/etc/ssl/bans.example.org.pem', join(dir, 'cert.pem'))
    .replace('/etc/ssl/private/bans.example.org.key', join(dir, 'key.pem'));
  const place = join(dir, 'nginx');
  await mkdir(place);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${place}/${name};`,
  );
  const file = join(place, 'nginx.conf');
  await writeFile(
    file,
    `daemon off;\npid ${place}/pid;\nerror_log ${place}/error.log;\nevents {}\nhttp {\naccess_log off;\n${paths.join('\n')}\n${site}\n}\n`,
  );
  const program = join(await unpackedPackage('nginx'), 'usr/sbin/nginx');
  children.push(spawn(program, ['-e', join(place, 'error.log'), '-c', file], { stdio: 'ignore' }));
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Asks over TLS; the body is left to be read. */
async function ask(url: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<IncomingMessage> {
  const outgoing = request(url, {
    method,
    ca: cert,
    agent: false,
    headers: { 'X-BanGUI-Request': '1', 'Content-Type': 'application/json', ...headers },
  });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return response;
}

async function text(response: IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) all += chunk;
  return all;
}

describe.each([
  ['Caddy', startCaddy],
  ['nginx', startNginx],
] as const)('the file of the guide for %s', (_, start) => {
  let url: string;
  let cookie: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `https://localhost:${port}`;
    await start(port);
    await eventually(async () => expect((await ask(`${url}/api/health/live`)).statusCode).toBe(200), 20_000);
  });

  it('lets somebody sign in over https, with a cookie for https alone', async () => {
    const answer = await ask(`${url}/api/v1/auth/login`, { method: 'POST', body: adminCredentials });
    expect(await text(answer)).toContain(adminCredentials.username);
    const [set = ''] = answer.headers['set-cookie'] ?? [];
    expect(set).toContain('Secure');
    cookie = set.split(';', 1)[0] ?? '';
  });

  it('tells BanGUI the address of the client, whatever the client says', async () => {
    const headers = { 'X-Forwarded-For': forged, 'X-Real-IP': forged, Forwarded: `for=${forged}` };
    const answer = await ask(`${url}/api/v1/auth/login`, { method: 'POST', headers, body: adminCredentials });
    const own = (answer.headers['set-cookie'] ?? [])[0]?.split(';', 1)[0] ?? '';
    const sessions = await text(await ask(`${url}/api/v1/auth/sessions`, { headers: { Cookie: own } }));
    expect(sessions).toMatch(/"address":"(127\.0\.0\.1|::1)"/);
    expect(sessions).not.toContain(forged);
  });

  it('passes a ban on as it happens', async () => {
    const address = `203.0.113.${children.length}`;
    const stream = await ask(`${url}/api/v1/events`, { headers: { Cookie: cookie } });
    expect(stream.statusCode).toBe(200);
    let received = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
    expect((await operate(api.admin, '/api/v1/bans', { jail: 'manual', addresses: [address] })).status).toBe(200);
    // Held back by a proxy it would not come before the stream ends.
    await eventually(() => expect(received).toContain(address));
    stream.destroy();
  });

  it('keeps the metrics inside', async () => {
    expect((await ask(`${url}/metrics`)).statusCode).toBe(404);
    expect((await api.anonymous.get('/metrics')).status).toBe(401);
  });
});
