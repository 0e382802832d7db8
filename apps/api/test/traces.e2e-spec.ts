import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperationList } from '../src/core/operations/operation.dto.ts';
import { type Blocklist } from '../src/features/blocklists/blocklists.dto.ts';
import { ApiProcess } from './api-process.ts';
import { EventStream } from './event-stream.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';
import { freePort } from '../../../scripts/lib/free-port.ts';
import { adminCredentials, startApi } from './harness.ts';
import { ListPublisher } from './list-publisher.ts';
import { operate } from './operate.ts';
import { type ReceivedSpan, TraceReceiver } from './trace-receiver.ts';

describe('traces', () => {
  let receiver: TraceReceiver;
  let publisher: ListPublisher;
  let api: Fail2banApi;
  beforeAll(async () => {
    receiver = await TraceReceiver.start();
    publisher = await ListPublisher.start();
    api = await startFail2banApi(
      {},
      {
        withSources: true,
        env: {
          // Whether there is a built portal, which answers every address, is not of interest here.
          BANGUI_PORTAL_DIR: join(tmpdir(), 'bangui-no-such-portal'),
          BANGUI_TRACES_ENDPOINT: receiver.url,
          BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8',
        },
      },
    );
  });
  afterAll(async () => {
    await api.stop();
    await publisher.stop();
    await receiver.stop();
  });

  const one = (find: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> =>
    eventually(() => {
      const span = receiver.spans.find(find);
      if (!span) throw new Error(`Not among ${receiver.spans.map(({ name }) => name).join(', ')}`);
      return span;
    });
  const of = (traceId: string) => receiver.spans.filter((span) => span.traceId === traceId);
  const traceparent = (traceId: string, flags = '01') => ({ traceparent: `00-${traceId}-00f067aa0ba902b7-${flags}` });

  it('tell of each request: method, route, status, and who sent it', async () => {
    const traceId = 'a0000000000000000000000000000001';
    await api.admin.get('/api/v1/jails/ssh?x=203.0.113.9', { headers: traceparent(traceId) });
    expect(await one((span) => span.traceId === traceId && span.kind === 2)).toMatchObject({
      name: 'GET /api/v1/jails/:name',
      parentSpanId: '00f067aa0ba902b7',
      hasFailed: false,
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/api/v1/jails/:name',
        'http.response.status_code': 200,
      },
    });
    expect(receiver.sender['service.name']).toBe('bangui');
    expect(receiver.sender['service.version']).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('tell of a refused and of an unknown address without repeating it', async () => {
    await api.anonymous.get('/api/v1/jails', { headers: traceparent('a0000000000000000000000000000002') });
    await api.admin.get('/no/such/page/203.0.113.9', { headers: traceparent('a0000000000000000000000000000003') });
    const refused = await one(({ traceId }) => traceId === 'a0000000000000000000000000000002');
    expect(refused.attributes['http.response.status_code']).toBe(401);
    const unknown = await one(({ traceId }) => traceId === 'a0000000000000000000000000000003');
    expect(unknown).toMatchObject({
      name: 'GET',
      attributes: { 'http.request.method': 'GET', 'http.response.status_code': 404 },
    });
  });

  it('leave out health, metrics, the event stream, and what the caller does not record', async () => {
    await api.anonymous.get('/api/health');
    await api.anonymous.get('/api/health/live');
    await api.anonymous.get('/metrics');
    const stream = await EventStream.open(api.admin);
    stream.close();
    await api.admin.get('/api/v1/jails', { headers: traceparent('a0000000000000000000000000000004', '00') });
    await api.admin.get('/api/v1/jails', { headers: traceparent('a0000000000000000000000000000005') });
    await one(({ traceId }) => traceId === 'a0000000000000000000000000000005');
    expect(of('a0000000000000000000000000000004')).toEqual([]);
    expect(receiver.received).not.toMatch(/api\/health|\/metrics|v1\/events/);
  });

  it('begin anew when the caller tells of a trace that is none', async () => {
    const before = receiver.named('GET /api/v1/auth/session').length;
    const headers = { traceparent: '00-zz-203.0.113.9-01', tracestate: 'vendor=203.0.113.9' };
    await api.admin.get('/api/v1/auth/session', { headers });
    await eventually(() => expect(receiver.named('GET /api/v1/auth/session')).toHaveLength(before + 1));
    expect(receiver.named('GET /api/v1/auth/session').at(-1)?.parentSpanId).toBeUndefined();
  });

  it('lead from a request through its operation to the commands of fail2ban, naming no address', async () => {
    const traceId = 'a0000000000000000000000000000006';
    const body = { jail: 'manual', addresses: ['203.0.113.7', '2001:db8::77'], reason: 'seen in a honeypot' };
    await operate(api.admin, '/api/v1/bans', body, { headers: traceparent(traceId) });
    const asked = await one((span) => span.traceId === traceId && span.kind === 2);
    const operation = await one((span) => span.traceId === traceId && span.name === 'operation ban');
    const command = await one((span) => span.traceId === traceId && span.name === 'fail2ban set banip');
    expect(asked.name).toBe('POST /api/v1/bans');
    expect(operation.parentSpanId).toBe(asked.spanId);
    expect(command).toMatchObject({
      parentSpanId: operation.spanId,
      kind: 3,
      hasFailed: false,
      attributes: { 'bangui.fail2ban.command': 'set banip', 'bangui.fail2ban.jail': 'manual' },
    });
  });

  it('tell of the run of a task', async () => {
    await api.admin.post('/api/v1/tasks/history_retention/run');
    expect(await one(({ name }) => name === 'task history_retention')).toMatchObject({
      parentSpanId: undefined,
      hasFailed: false,
      attributes: {
        'bangui.task.id': 'history_retention',
        'bangui.task.trigger': 'by-hand',
        'bangui.task.outcome': 'succeeded',
        'bangui.task.token': 1,
      },
    });
  });

  it('tell of each import and how it ended, inside of the run that made it', async () => {
    publisher.publish('/good.txt', '23.9.0.0/24\n');
    for (const name of ['good', 'bad']) {
      const body = { plugin: 'url-list', name, config: { url: `${publisher.url}/${name}.txt` } };
      expect((await api.admin.post<Blocklist>('/api/v1/blocklists', body)).status).toBe(201);
    }
    const good = await one(({ attributes }) => attributes['bangui.source.name'] === 'good');
    expect(good).toMatchObject({
      name: 'blocklist import',
      hasFailed: false,
      attributes: { 'bangui.source.plugin': 'url-list', 'bangui.import.outcome': 'ok' },
    });
    const bad = await one(({ attributes }) => attributes['bangui.source.name'] === 'bad');
    expect(bad).toMatchObject({ hasFailed: true, attributes: { 'bangui.import.outcome': 'failed' } });
    await one(({ spanId, name }) => spanId === good.parentSpanId && name === 'task blocklist_import');
  });

  it('tell that the caller went away', async () => {
    const traceId = 'a0000000000000000000000000000007';
    api.fail2ban.suspend();
    // Not `fetch`: after an abort it opens a spare connection.
    const caller = request(`${api.url}/api/v1/bans`, {
      agent: false,
      method: 'POST',
      headers: {
        'X-BanGUI-Request': '1',
        'Content-Type': 'application/json',
        Cookie: api.admin.cookie ?? '',
        ...traceparent(traceId),
      },
    });
    caller.on('error', () => undefined);
    caller.end(JSON.stringify({ jail: 'manual', addresses: ['203.0.113.8'] }));
    await eventually(async () => {
      const { body } = await api.admin.get<OperationList>('/api/v1/operations');
      expect(body.items[0]).toMatchObject({ kind: 'ban', status: 'running' });
    });
    caller.destroy();
    api.fail2ban.resume();
    const span = await one(({ traceId: id, kind }) => id === traceId && kind === 2);
    expect(span).toMatchObject({ hasFailed: true, attributes: { 'error.type': 'aborted' } });
    expect(span.attributes).not.toHaveProperty('http.response.status_code');
  });

  it('say nothing of polls: every command belongs to something that asked for it', async () => {
    // The watcher has polled for as long as the test above took.
    const ids = new Set(receiver.spans.map(({ spanId }) => spanId));
    const commands = receiver.spans.filter(({ name }) => name.startsWith('fail2ban '));
    expect(commands.length).toBeGreaterThan(0);
    await eventually(() => {
      for (const { spanId } of receiver.spans) ids.add(spanId);
      for (const { parentSpanId } of commands) expect(ids).toContain(parentSpanId);
    });
    expect(receiver.spans.filter(({ name }) => name === 'task history_sync')).toEqual([]);
  });

  it('hold no address, no name of a user, no secret and nothing of a body', () => {
    expect(receiver.received).toContain('"bangui.fail2ban.jail"');
    const session = api.admin.cookie?.split('=')[1] ?? 'none';
    const secrets = ['203.0.113', '2001:db8', '127.0.0.1', 'honeypot', adminCredentials.password, session, 'x='];
    for (const secret of secrets) expect(receiver.received).not.toContain(secret);
    expect(receiver.received).not.toContain(`"${adminCredentials.username}"`);
  });
});

describe('a receiver of traces', () => {
  const events = (lines: readonly string[], event: string) => lines.filter((line) => line.includes(`"${event}"`));

  it('that is away is told once, disturbs no request, and is told again when it is back', async () => {
    const first = await TraceReceiver.start(await freePort());
    const { url } = first;
    await first.stop();
    const api = await startApi({ env: { BANGUI_TRACES_ENDPOINT: url } });
    // More than one batch: the queue is bounded and nothing waits for it.
    for (let count = 0; count < 600; count += 1) expect((await api.admin.get('/api/v1/auth/session')).status).toBe(200);
    await eventually(() => expect(events(api.logs(), 'traces_not_taken')).toHaveLength(1));
    expect(events(api.logs(), 'traces_not_taken')[0]).toContain('"level":"warn"');
    const second = await TraceReceiver.start(Number(new URL(url).port));
    await eventually(async () => {
      await api.admin.get('/api/v1/auth/session');
      expect(second.spans.length).toBeGreaterThan(0);
      expect(events(api.logs(), 'traces_taken')).toHaveLength(1);
    });
    expect(events(api.logs(), 'traces_not_taken')).toHaveLength(1);
    await api.stop();
    await second.stop();
  });

  it('gets what is left when BanGUI stops', async () => {
    const receiver = await TraceReceiver.start();
    const api = await startApi({ env: { BANGUI_TRACES_ENDPOINT: receiver.url } });
    await api.admin.get('/api/v1/tasks');
    expect(receiver.named('GET /api/v1/tasks')).toEqual([]);
    await api.stop();
    expect(receiver.named('GET /api/v1/tasks')).toHaveLength(1);
    await receiver.stop();
  });

  it('that never answers holds up neither requests nor the stop', async () => {
    const receiver = await TraceReceiver.start();
    receiver.isHanging = true;
    const api = await startApi({ env: { BANGUI_TRACES_ENDPOINT: receiver.url } });
    await eventually(() => expect(receiver.received).not.toBe(''));
    expect((await api.admin.get('/api/v1/auth/session')).status).toBe(200);
    const startedAt = performance.now();
    await api.stop();
    const tookMs = performance.now() - startedAt;
    // Two seconds are for the receiver; it was waited for.
    expect(tookMs).toBeGreaterThan(1_900);
    expect(tookMs).toBeLessThan(8_000);
    await receiver.stop();
  });
});

describe('the program', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bangui-traces-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  /** Writes each module that Node loads to standard error. */
  const namesModules = `--import=data:text/javascript,${encodeURIComponent(
    "import { registerHooks } from 'node:module';" +
      "registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });",
  )}`;
  const start = (name: string, change: Record<string, string>) =>
    ApiProcess.start({
      BANGUI_PORT: '0',
      BANGUI_DATABASE_PATH: join(dir, name, 'bangui.sqlite3'),
      BANGUI_FAIL2BAN_SOCKET: join(dir, 'no-fail2ban.sock'),
      NODE_OPTIONS: namesModules,
      ...change,
    });
  const isOfTraces = /\/otlp-tracing[-\w]*\.js$/m;

  it('loads nothing of traces when they are off', async () => {
    const api = start('off', {});
    await (await fetch(`${await api.url()}/api/v1/auth/session`)).text();
    api.kill('SIGINT');
    expect((await api.exit).code).toBe(0);
    expect(api.stderr).toMatch(/\/bundle\/main\.js$/m);
    expect(api.stderr).not.toMatch(isOfTraces);
  });

  it('sends them when they are on, the last ones before it ends', async () => {
    const receiver = await TraceReceiver.start();
    const api = start('on', {
      BANGUI_TRACES_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20key',
    });
    await (await fetch(`${await api.url()}/api/v1/auth/session`)).text();
    api.kill('SIGINT');
    expect((await api.exit).code).toBe(0);
    expect(api.stderr).toMatch(isOfTraces);
    expect(receiver.named('GET /api/v1/auth/session')).toHaveLength(1);
    expect(receiver.authorization).toBe('Bearer key');
    await receiver.stop();
  });

  it('starts and stops in order while the receiver hangs', async () => {
    const receiver = await TraceReceiver.start();
    receiver.isHanging = true;
    const api = start('hanging', { BANGUI_TRACES_ENDPOINT: receiver.url });
    await (await fetch(`${await api.url()}/api/v1/auth/session`)).text();
    await eventually(() => expect(receiver.received).not.toBe(''));
    api.kill('SIGINT');
    expect(await api.exit).toEqual({ code: 0, signal: null });
    await receiver.stop();
  });
});
