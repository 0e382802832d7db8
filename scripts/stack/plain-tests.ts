import { administrator, bannedAddress, setUpAndBan } from './browser-test.ts';
import { docker, type Stack, until } from './docker.ts';
import { importMillion } from './import-test.ts';
import { Portal } from './portal.ts';
import { check, type Report } from './report.ts';

/** From the start of a container to its first passed check, in seconds. */
async function startTime(stack: Stack, service: string): Promise<string> {
  const { State } = await stack.container(service);
  const first = State.Health?.Log.find(({ ExitCode }) => ExitCode === 0);
  const took = first ? (Date.parse(first.End) - Date.parse(State.StartedAt)) / 1000 : Number.NaN;
  return `${service} ${took.toFixed(1)} s`;
}

interface JailStates {
  readonly items: readonly { readonly name: string; readonly armed: { readonly status: string } }[];
}

/** The first line of the log that tells the code, of the latest task. */
export async function setupCode(stack: Stack): Promise<string> {
  return until(30_000, 'the set-up code in the log', async () => {
    return /"event":"setup_code_created","code":"([A-Z0-9-]+)"/.exec(await stack.logs('api'))?.[1];
  });
}

/** The rights of the first process of a container, as the kernel tells them. */
async function rightsOf(stack: Stack, service: string): Promise<Readonly<Record<string, string>>> {
  const status = await stack.exec(service, 'cat', '/proc/1/status');
  return Object.fromEntries(status.split('\n').map((line) => line.split(/:\s+/, 2))) as Record<string, string>;
}

const netAdmin = 1n << 12n;
const netRaw = 1n << 13n;
const readSearch = 1n << 2n;
/** BanGUI's group, and that of a host's logs. */
const [bangui, adm] = ['10001', '4'];
/** What each first process may do: user, groups, and capabilities as bits. */
const rights = {
  fail2ban: { user: '0', groups: [bangui], capabilities: netAdmin | netRaw | readSearch },
  enforcer: { user: '0', groups: [bangui], capabilities: netAdmin | netRaw },
  api: { user: '10001', groups: [bangui, adm], capabilities: 0n },
  portal: { user: '101', groups: ['101'], capabilities: 0n },
};

/** The stack of compose.prod.yml with one of each: what a person does in the first hour, and what can go wrong then. */
export async function testPlain(report: Report, stack: Stack, url: string): Promise<void> {
  const portal = new Portal(url);
  const isUp = await report.test('the production stack becomes healthy', async () => {
    await stack.deploy();
    await stack.settled(240_000);
    const times = await Promise.all(['fail2ban', 'api', 'portal'].map((service) => startTime(stack, service)));
    return `from start to healthy: ${times.join(', ')}`;
  });
  if (!isUp) return;
  await report.test('no process has rights that it does not need', async () => {
    for (const [service, { user, groups, capabilities }] of Object.entries(rights)) {
      const status = await rightsOf(stack, service);
      check(status['Uid']?.split('\t')[0] === user, `${service} runs as ${status['Uid'] ?? '?'}`);
      const its = [...(status['Groups'] ?? '').trim().split(' '), status['Gid']?.split('\t')[0] ?? ''].filter(Boolean);
      const [found, wanted] = [[...new Set(its)], groups].map((each) => [...each].sort().join(', '));
      check(found === wanted, `${service} is in the groups ${found ?? ''} and not in ${wanted ?? ''}`);
      check(status['NoNewPrivs'] === '1', `${service} can gain rights`);
      const limit = user === '0' ? capabilities : 0n;
      check(BigInt(`0x${status['CapEff'] ?? ''}`) === limit, `${service} has ${status['CapEff'] ?? '?'}`);
      check((await stack.container(service)).HostConfig.ReadonlyRootfs, `${service} can write to its image`);
    }
    return undefined;
  });
  await report.test('no image holds a program that gives rights', async () => {
    for (const service of Object.keys(rights)) {
      const found = await stack.exec(service, 'sh', '-c', 'find / -xdev -type f -perm /6000 2>/dev/null || true');
      check(found === '', `${service}: ${found}`);
    }
    return undefined;
  });
  await report.test('Chromium sets BanGUI up through nginx and bans an address', async () => {
    await setUpAndBan(url, await setupCode(stack));
    return undefined;
  });
  await report.test('the ban is a rule on the network of the host', async () => {
    const table = await stack.exec('fail2ban', 'nft', 'list', 'table', 'inet', 'f2b-table');
    check(table.includes(bannedAddress), table);
    return undefined;
  });
  await report.test('nginx serves pages, files and the API as it should', () => checkNginx(portal));
  await report.test('a client cannot choose the address that it comes from', async () => {
    await portal.ask('POST', '/api/v1/auth/login', {
      headers: { 'x-forwarded-for': '198.51.100.99' },
      body: { username: 'forged', password: 'not the password' },
    });
    await portal.signIn(administrator.username, administrator.password);
    const log = await stack.logs('api');
    const failed = log.split('\n').filter((line) => line.includes('"event":"sign_in_failed"'));
    check(failed.length > 0, 'the failed sign-in is not in the log');
    check(!failed.join().includes('198.51.100.99'), failed.join('\n'));
    return undefined;
  });
  await report.test('events come through at once', async () => {
    const ms = await portal.firstEventAfter();
    check(ms < 3_000, `the first bytes took ${ms.toFixed(0)} ms`);
    return undefined;
  });
  await report.test('bangui doctor finds nothing in the container', () => doctor(stack));
  await report.test('the jail is armed, and reloading it finds no fault', async () => {
    await until(60_000, 'sshd armed', async () => {
      const { items } = await portal.json<JailStates>('GET', '/api/v1/jails');
      return items.some(({ name, armed }) => name === 'sshd' && armed.status === 'armed') ? true : undefined;
    });
    await portal.json('POST', '/api/v1/jails/sshd/reload');
    return undefined;
  });
  await report.test('a million addresses are imported within the reservation', () => importMillion(stack, portal));
  await report.test('a setting that is kept holds in the next fail2ban', () => keepSetting(stack, portal));
  await report.test('a killed fail2ban comes back with its bans and without left rules', () => killFail2ban(stack));
  await report.test('bangui doctor finds nothing after that restart', () => doctor(stack));
  await report.test('fail2ban away: 503, API unhealthy and replaced; back: 200', () => outage(stack, portal));
}

async function checkNginx(portal: Portal): Promise<undefined> {
  const page = await portal.ask('GET', '/bans', { headers: { accept: 'text/html' } });
  check(page.status === 200 && page.body.includes('<bangui-root'), `a page: ${page.status} ${page.body.slice(0, 200)}`);
  check(page.headers['content-security-policy']?.includes("default-src 'self'") ?? false, 'a page without a policy');
  check(page.headers['cache-control'] === 'no-cache', 'a page that may be kept');
  check(page.headers['x-frame-options'] === 'DENY', 'a page that may be framed');
  const script = /src="(main-[\w-]{8}\.js)"/.exec(page.body)?.[1] ?? '';
  const file = await portal.ask('GET', `/${script}`, { headers: { 'accept-encoding': 'gzip' } });
  check(file.headers['cache-control']?.includes('immutable') ?? false, `${script} is not kept`);
  check(file.headers['content-encoding'] === 'gzip', `${script} is not compressed`);
  check((await portal.ask('GET', '/no-such-file.js')).status === 404, 'a file that is not there');
  check((await portal.ask('GET', '/metrics')).status === 404, 'metrics are given to the world');
  const health = await portal.ask('GET', '/api/health');
  check(health.body === '{"status":"ok","fail2ban":"online"}', `health: ${health.body}`);
  check(health.headers['content-security-policy'] !== undefined, 'the API answers without its own headers');
  const foreign = await portal.ask('POST', '/api/v1/auth/login', {
    headers: { origin: 'https://evil.example' },
    body: { username: 'x', password: 'y' },
  });
  check(foreign.status === 403 && foreign.body.includes('foreign-origin'), `a foreign page: ${foreign.status}`);
  const own = await portal.ask('POST', '/api/v1/auth/login', {
    headers: { origin: portal.url.origin },
    body: { username: 'x', password: 'y' },
  });
  check(own.status === 401, `its own page: ${own.status} ${own.body}`);
  const large = await portal.ask('POST', '/api/v1/auth/login', { body: { username: 'x'.repeat(1_100_000) } });
  check(large.status === 413 && large.body.includes('body-too-large'), `a large body: ${large.status}`);
  return undefined;
}

/** It ends with an error, and so fails here, as long as it finds a problem. */
async function doctor(stack: Stack): Promise<string> {
  const found = await until(60_000, 'a doctor without problems', () => stack.exec('api', 'bangui', 'doctor'));
  return `${found.split('\n').filter((line) => line.startsWith('ok ')).length} checks`;
}

/** Ends fail2ban by a signal, and waits for the container that takes its place. */
async function replaceFail2ban(stack: Stack, signal: 'TERM' | 'KILL'): Promise<void> {
  const before = await stack.container('fail2ban');
  await docker(['kill', '--signal', signal, before.Id]);
  await until(180_000, 'another fail2ban', async () => {
    const [container] = await stack.containers('fail2ban');
    return container && container.Id !== before.Id && container.State.Health?.Status === 'healthy' ? true : undefined;
  });
}

/** It is written by the API below fail2ban.d, on a volume that outlives the container. */
async function keepSetting(stack: Stack, portal: Portal): Promise<undefined> {
  const { file } = await portal.json<{ file: { etag: string | null } }>('GET', '/api/v1/configuration/server');
  const server = { set: [{ option: 'dbmaxmatches', value: '7' }], unset: [], etag: file.etag };
  await portal.json('POST', '/api/v1/configuration/changes', { server });
  const kept = async (): Promise<true | undefined> => {
    const told = await stack.exec('fail2ban', 'fail2ban-client', 'get', 'dbmaxmatches');
    return /\b7\b/.test(told) ? true : undefined;
  };
  await until(60_000, 'the setting in force', kept);
  await replaceFail2ban(stack, 'TERM');
  check((await kept()) ?? false, 'the next fail2ban does not have it');
  return undefined;
}

async function killFail2ban(stack: Stack): Promise<undefined> {
  await replaceFail2ban(stack, 'KILL');
  const table = await until(30_000, 'the ban in force again', async () => {
    const text = await stack.exec('fail2ban', 'nft', 'list', 'table', 'inet', 'f2b-table');
    return text.includes(bannedAddress) ? text : undefined;
  });
  const rules = table.split('\n').filter((line) => line.includes('@addr-set-sshd'));
  check(rules.length === 1, `${rules.length} rules for one jail:\n${table}`);
  await stack.exec('fail2ban', 'fail2ban-client', 'set', 'sshd', 'unbanip', bannedAddress);
  const after = await stack.exec('fail2ban', 'nft', 'list', 'table', 'inet', 'f2b-table');
  check(!after.includes(bannedAddress), `lifted, and still there:\n${after}`);
  return undefined;
}

async function outage(stack: Stack, portal: Portal): Promise<string> {
  const before = await stack.container('api');
  const portalBefore = await stack.container('portal');
  const goneAt = performance.now();
  const goneSince = String(Math.floor(Date.now() / 1000));
  await stack.scale('fail2ban', 0);
  const seconds = (): string => ((performance.now() - goneAt) / 1000).toFixed(0);
  await until(60_000, '503', async () => {
    const { status, body } = await portal.ask('GET', '/api/health');
    return status === 503 && body === '{"status":"unavailable","fail2ban":"offline"}' ? true : undefined;
  });
  const at503 = seconds();
  // Three failed checks, 30 s apart, each of them given 10 s.
  await until(180_000, 'another container of the API', async () => {
    const [now] = await stack.containers('api');
    return now && now.Id !== before.Id ? true : undefined;
  });
  const replaced = seconds();
  const now = String(Math.floor(Date.now() / 1000));
  const span = ['--since', goneSince, '--until', now, '--filter', `container=${before.Id}`];
  const events = await docker(['events', ...span, '--format', '{{.Action}}']);
  check(events.includes('health_status: unhealthy'), `it was replaced without being unhealthy:\n${events}`);
  check((await stack.container('portal')).Id === portalBefore.Id, 'the portal was replaced too');
  await stack.scale('fail2ban', 1);
  const backAt = performance.now();
  await until(180_000, '200', async () => {
    return (await portal.ask('GET', '/api/health')).status === 200 ? true : undefined;
  });
  await stack.settled(180_000);
  return `503 after ${at503} s, replaced after ${replaced} s, 200 ${((performance.now() - backAt) / 1000).toFixed(0)} s after fail2ban came back`;
}
