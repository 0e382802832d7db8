import { docker, until } from '../docker.ts';
import { check } from '../report.ts';

/** What a request to the API came to. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** A container whose first process is systemd: as good as a machine of its own, with its own network. */
export class Machine {
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** Starts one from an image, and waits until systemd has started what it starts at boot, whether all of that works or not. */
  static async boot(name: string, image: string): Promise<Machine> {
    const machine = new Machine(name);
    await machine.remove();
    // systemd makes control groups and mounts; a container of its own network can harm nobody's firewall.
    const rights = ['--privileged', '--cgroupns=private', '--network=none'];
    const folders = ['/run', '/run/lock', '/tmp'].flatMap((path) => ['--tmpfs', `${path}:exec`]);
    await docker(['run', '--detach', '--name', name, '--hostname', name, ...rights, ...folders, image]);
    try {
      await until(60_000, 'systemd runs', async () => {
        const state = await machine.sh('systemctl is-system-running || true');
        return ['running', 'degraded'].includes(state) ? true : undefined;
      });
      return machine;
    } catch (error) {
      await machine.remove();
      throw error;
    }
  }

  /** Runs lines of a shell as root, as a person would type them; gives what they printed. @throws when one of them fails */
  sh(lines: string): Promise<string> {
    return docker(['exec', this.name, 'bash', '-euo', 'pipefail', '-c', lines]);
  }

  /** Writes a file. */
  async write(path: string, text: string, mode: string): Promise<void> {
    const encoded = Buffer.from(text).toString('base64');
    await this.sh(`echo ${encoded} | base64 -d > ${path} && chmod ${mode} ${path}`);
  }

  /** Asks the API from the machine itself; cookies are kept. */
  async ask<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    const content = body === undefined ? '' : Buffer.from(JSON.stringify(body)).toString('base64');
    const send = body === undefined ? '' : "--header 'Content-Type: application/json' --data @-";
    const cookies = '--cookie /root/cookies --cookie-jar /root/cookies';
    const told = await this.sh(
      `echo ${content} | base64 -d | curl --silent --max-time 60 ${cookies} --header 'X-BanGUI-Request: 1' ${send} \
        --request ${method} --write-out '\\n%{http_code}' http://localhost:8000${path}`,
    );
    const at = told.lastIndexOf('\n');
    const text = told.slice(0, at).trim();
    return { status: Number(told.slice(at + 1)), body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  /** As {@link ask}. @throws when the status is not 2xx */
  async json<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.ask<T>(method, path, body);
    check(answer.status >= 200 && answer.status < 300, `${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.body;
  }

  /** Waits until BanGUI says that all is well. */
  async healthy(limitMs: number): Promise<void> {
    await until(limitMs, 'a healthy BanGUI', async () =>
      (await this.ask('GET', '/api/health')).status === 200 ? true : undefined,
    );
  }

  /** Takes it away, running or not. */
  async remove(): Promise<void> {
    await docker(['rm', '--force', '--volumes', this.name]);
  }
}
