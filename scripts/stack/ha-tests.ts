import { administrator } from './browser-test.ts';
import { docker, type Stack, until } from './docker.ts';
import { setupCode } from './plain-tests.ts';
import { Portal } from './portal.ts';
import { check, type Report } from './report.ts';

/** Requests under way at any time. */
const inFlight = 8;

/** What the load asks for in turn: a page, BanGUI's health, and what needs database and fail2ban. */
const paths = ['/', '/api/health/live', '/api/v1/auth/session', '/api/v1/jails', '/api/v1/bans?limit=10'];

/** Requests without a pause, none of them repeated, until it is stopped. */
class Load {
  asked = 0;
  readonly failures: string[] = [];
  private isOver = false;
  private readonly done: Promise<unknown>;

  constructor(portal: Portal) {
    this.done = Promise.all(Array.from({ length: inFlight }, (_, number) => this.run(portal, number)));
  }

  /** Ends it. @throws when a request failed */
  async stop(): Promise<string> {
    this.isOver = true;
    await this.done;
    check(
      this.failures.length === 0,
      `${this.failures.length} of ${this.asked} failed, such as ${this.failures[0] ?? ''}`,
    );
    return `${this.asked} requests, 0 failed`;
  }

  private async run(portal: Portal, number: number): Promise<void> {
    for (let turn = number; !this.isOver; turn += 1) {
      const path = paths[turn % paths.length] ?? '/';
      this.asked += 1;
      try {
        const { status, body } = await portal.ask('GET', path);
        if (status !== 200) this.failures.push(`${path}: ${status} ${body.slice(0, 200)}`);
      } catch (error) {
        this.failures.push(`${path}: ${String(error)}`);
      }
    }
  }
}

interface UpdateStatus {
  readonly State: string;
  readonly Message: string;
  readonly StartedAt: string;
}

/** Updates a service and waits until Swarm is through with it. @returns how it ended */
async function update(service: string, args: readonly string[]): Promise<string> {
  const status = async (): Promise<UpdateStatus | null> =>
    JSON.parse(
      await docker(['service', 'inspect', '--format', '{{json .UpdateStatus}}', service]),
    ) as UpdateStatus | null;
  const before = await status();
  await docker(['service', 'update', '--detach=true', '--no-resolve-image', ...args, service]);
  return until(600_000, `the update of ${service}`, async () => {
    const now = await status();
    const isNew = now !== null && now.StartedAt !== before?.StartedAt;
    return isNew && !['updating', 'rollback_started'].includes(now.State) ? now.State : undefined;
  });
}

/** The stack with compose.ha.yml: two APIs, PostgreSQL, Redis; updates while it is used. */
export async function testHighAvailability(report: Report, stack: Stack, url: string): Promise<void> {
  const portal = new Portal(url);
  const isUp = await report.test('the stack with two APIs becomes healthy', async () => {
    await stack.deploy();
    await stack.settled(300_000);
    check((await stack.containers('api')).length === 2, 'there are not two APIs');
    const acquired = (await stack.logs('api')).split('\n').filter((line) => line.includes('scheduler_lock_acquired'));
    check(acquired.length === 1, `${acquired.length} hold the lock of the scheduler`);
    await portal.json('POST', '/api/v1/setup', { ...administrator, code: await setupCode(stack) });
    await portal.signIn(administrator.username, administrator.password);
    return undefined;
  });
  if (!isUp) return;
  const api = `${stack.name}_api`;
  await report.test('an enforcer on another way than the socket is let in by the token made beforehand', async () => {
    await until(60_000, 'a report of the enforcer', async () => {
      const { enforcers } = await portal.json<{ enforcers: readonly unknown[] }>('GET', '/api/v1/enforcement');
      return enforcers.length > 0 ? true : undefined;
    });
    return undefined;
  });
  await report.test('a rolling update of the API under load: no request fails', async () => {
    const before = (await stack.containers('api')).map(({ Id }) => Id);
    const load = new Load(portal);
    const state = await update(api, ['--force']);
    await stack.settled(240_000);
    const told = await load.stop();
    check(state === 'completed', `the update ended as ${state}`);
    const after = (await stack.containers('api')).map(({ Id }) => Id);
    check(!after.some((id) => before.includes(id)), 'not every API was replaced');
    return told;
  });
  await report.test('an image that does not start is rolled back, and no request fails', async () => {
    const image = await docker(['service', 'inspect', '--format', '{{.Spec.TaskTemplate.ContainerSpec.Image}}', api]);
    const bad = `${image.split(':', 1)[0] ?? ''}:does-not-start`;
    const container = await docker(['create', '--network', 'none', image]);
    await docker(['commit', '--change', 'ENTRYPOINT ["false"]', container, bad]);
    await docker(['rm', container]);
    const load = new Load(portal);
    const state = await update(api, ['--image', bad]);
    await stack.settled(240_000);
    const told = await load.stop();
    await docker(['image', 'rm', '--force', bad]);
    check(state === 'rollback_completed', `the update ended as ${state}`);
    const now = await docker(['service', 'inspect', '--format', '{{.Spec.TaskTemplate.ContainerSpec.Image}}', api]);
    check(now === image, `the service has ${now}`);
    return told;
  });
}
