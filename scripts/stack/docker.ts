import { ScriptProblem, run } from '../lib/programs.ts';

/** A container as `docker inspect` shows it, as far as the tests look. */
export interface Container {
  readonly Id: string;
  readonly Created: string;
  readonly State: {
    readonly StartedAt: string;
    readonly OOMKilled: boolean;
    readonly Health?: {
      readonly Status: string;
      readonly Log: readonly { readonly ExitCode: number; readonly End: string }[];
    };
  };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapAdd: readonly string[] | null;
    readonly Memory: number;
    readonly NanoCpus: number;
  };
}

/** Runs the docker client against the engine of `DOCKER_HOST`; gives what it printed, or fails with its last words. */
export async function docker(args: readonly string[], options: { env?: NodeJS.ProcessEnv } = {}): Promise<string> {
  const env = { ...process.env, ...options.env };
  return (await run('docker', args, { env, timeoutMs: 1_800_000 })).trim();
}

/** Asks until there is an answer that is not undefined; a failed question counts as none. @throws {ScriptProblem} after `limitMs` */
export async function until<T>(limitMs: number, what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      // What is being started or replaced answers with errors for a while.
      last = error;
    }
    if (performance.now() > deadline) {
      throw new ScriptProblem(`Not within ${limitMs / 1000} s: ${what}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** One deployed stack. */
export class Stack {
  readonly name: string;
  private readonly files: readonly string[];
  private readonly env: NodeJS.ProcessEnv;

  constructor(name: string, { files, env }: { readonly files: readonly string[]; readonly env: NodeJS.ProcessEnv }) {
    this.name = name;
    this.files = files;
    this.env = env;
  }

  /** Deploys the files as they are, without asking a registry for newer images. */
  async deploy(): Promise<void> {
    const files = this.files.flatMap((file) => ['--compose-file', file]);
    const args = ['stack', 'deploy', '--detach=true', '--resolve-image', 'never', ...files, this.name];
    await docker(args, { env: this.env });
  }

  /** Waits until every task of every service runs, and is healthy where it has a check. */
  async settled(limitMs: number): Promise<void> {
    await until(limitMs, `all services of ${this.name} are up`, async () => {
      const format = '{{.Name}} {{.Replicas}}';
      const lines = (await docker(['stack', 'services', '--format', format, this.name])).split('\n');
      const isUp = (line: string): boolean => {
        const [, running, wanted] = / (\d+)\/(\d+)/.exec(line) ?? [];
        return running !== undefined && running === wanted;
      };
      if (!lines.every(isUp)) return undefined;
      const containers = (await Promise.all(lines.map((line) => this.containers(shortName(line, this.name))))).flat();
      return containers.every(({ State }) => (State.Health?.Status ?? 'healthy') === 'healthy') ? true : undefined;
    });
  }

  /** Running containers of a service, the latest first. */
  async containers(service: string): Promise<Container[]> {
    const label = `label=com.docker.swarm.service.name=${this.name}_${service}`;
    const ids = (await docker(['ps', '--quiet', '--no-trunc', '--filter', label])).split('\n').filter(Boolean);
    if (ids.length === 0) return [];
    return JSON.parse(await docker(['inspect', ...ids])) as Container[];
  }

  /** The one running container of a service. @throws {ScriptProblem} when there is none */
  async container(service: string): Promise<Container> {
    const [container] = await this.containers(service);
    if (!container) throw new ScriptProblem(`No container of ${service} is running.`);
    return container;
  }

  /** Runs a program in the container of a service; gives what it printed. */
  async exec(service: string, ...command: readonly string[]): Promise<string> {
    return docker(['exec', (await this.container(service)).Id, ...command]);
  }

  /** What all tasks of a service, also earlier ones, wrote. */
  logs(service: string): Promise<string> {
    return docker(['service', 'logs', '--raw', `${this.name}_${service}`]);
  }

  /** Number of tasks of a service. */
  async scale(service: string, tasks: number): Promise<void> {
    await docker(['service', 'scale', '--detach=true', `${this.name}_${service}=${tasks}`]);
  }

  /** Takes the stack down with its volumes, and waits until nothing of it is left. */
  async remove(): Promise<void> {
    await docker(['stack', 'rm', this.name]);
    const label = `label=com.docker.stack.namespace=${this.name}`;
    await until(180_000, `the stack ${this.name} is gone`, async () => {
      const left = await Promise.all([
        docker(['ps', '--all', '--quiet', '--filter', label]),
        docker(['network', 'ls', '--quiet', '--filter', label]),
      ]);
      return left.every((text) => text === '') ? true : undefined;
    });
    const volumes = (await docker(['volume', 'ls', '--quiet', '--filter', label])).split('\n').filter(Boolean);
    if (volumes.length > 0) await docker(['volume', 'rm', ...volumes]);
  }
}

function shortName(line: string, stack: string): string {
  return (line.split(' ', 1)[0] ?? '').slice(stack.length + 1);
}
