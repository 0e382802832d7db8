import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { Programs } from '../programs.ts';

const NEEDED = [
  ['ipset', ['/usr/sbin/ipset']],
  ['iptables', ['/usr/sbin/iptables']],
  ['iproute2', ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip']],
  ['iputils-ping', ['/usr/bin/ping', '/bin/ping']],
  ['util-linux', ['/usr/bin/nsenter']],
] as const;

/** Packets that each source sends while sets are loaded anew: few in `make test`, as many as promised in `make torture`. */
export const PINGS_OF_A_RELOAD = process.env['BANGUI_TEST_ROUNDS'] === undefined ? 300 : 2_000;

/** What ping counted. */
export interface Pings {
  readonly sent: number;
  readonly received: number;
}

/**
 * Two network namespaces of our own joined by a cable: `host`, whose firewall is tried, and `outside`, from whose many addresses it is
 * reached. Nothing of the machine's own network or firewall is touched, and all is gone when the pair is closed.
 */
export class NetworkPair {
  /** Runs programs on the side whose firewall is tried. */
  readonly host: Programs;
  /** Runs programs on the other side. */
  readonly outside: Programs;
  /** Words before a command that put it on the host's side. */
  readonly intoHost: readonly string[];
  private readonly holders: readonly ChildProcess[];
  private readonly intoOutside: readonly string[];

  private constructor(holders: readonly ChildProcess[], intoHost: readonly string[], intoOutside: readonly string[]) {
    this.holders = holders;
    this.intoHost = intoHost;
    this.intoOutside = intoOutside;
    this.host = new Programs({ before: intoHost });
    this.outside = new Programs({ before: intoOutside });
  }

  /** Makes a pair: the host is 198.18.0.1 and 2001:db8:1::1; `sources` become addresses of the outside. */
  static async open(sources: readonly string[]): Promise<NetworkPair> {
    const missing = NEEDED.filter(([, paths]) => !paths.some(isProgram)).map(([name]) => name);
    if (missing.length > 0) {
      throw new Error(
        `These tests need Debian packages: apt-get install ${missing.join(' ')}, or \`npm run prerequisites\`.`,
      );
    }
    const isRoot = process.getuid?.() === 0;
    // Who is not root gets a user namespace in which he is.
    const host = await hold('unshare', [isRoot ? '-n' : '-rn']);
    const intoHost = enter(host, isRoot);
    const outside = await hold('nsenter', [...intoHost.slice(1), 'unshare', '-n']);
    const pair = new NetworkPair([host, outside], intoHost, enter(outside, isRoot));
    const ip = (side: Programs, words: string): Promise<string> => side.run('ip', words.split(' '));
    await ip(pair.host, `link add inner type veth peer name outer netns ${outside.pid ?? 0}`);
    for (const side of [pair.host, pair.outside]) await ip(side, 'link set lo up');
    await ip(pair.host, 'addr add 198.18.0.1/24 dev inner');
    await ip(pair.host, '-6 addr add 2001:db8:1::1/64 dev inner nodad');
    await ip(pair.host, 'link set inner up');
    await ip(pair.outside, 'addr add 198.18.0.2/24 dev outer');
    await ip(pair.outside, '-6 addr add 2001:db8:1::2/64 dev outer nodad');
    await ip(pair.outside, 'link set outer up');
    for (const source of sources) {
      const isV6 = source.includes(':');
      await ip(
        pair.outside,
        `${isV6 ? '-6 ' : ''}addr add ${source}/${isV6 ? '128' : '32'} dev outer${isV6 ? ' nodad' : ''}`,
      );
    }
    await ip(pair.host, 'route add default via 198.18.0.2');
    await ip(pair.host, '-6 route add default via 2001:db8:1::2');
    return pair;
  }

  /** Pings the host from one address of the outside until it answers or not; 0.2 s apart at most, a second of patience. */
  async ping(source: string, count = 1, intervalSeconds = 0.002): Promise<Pings> {
    const target = source.includes(':') ? '2001:db8:1::1' : '198.18.0.1';
    const args = ['-q', '-n', '-c', `${count}`, '-i', `${intervalSeconds}`, '-W', '1', '-I', source, target];
    const text = await this.pingOutput(args);
    const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(text) ?? [];
    if (sent === undefined || received === undefined) throw new Error(`ping said: ${text}`);
    return { sent: Number(sent), received: Number(received) };
  }

  /** Ends everything that keeps the namespaces alive. */
  close(): void {
    for (const holder of this.holders) holder.kill('SIGKILL');
  }

  private pingOutput(args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const [program = 'nsenter', ...words] = [...this.intoOutside, 'ping', ...args];
      const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
      let text = '';
      child.stdout.on('data', (part: Buffer) => (text += part.toString()));
      child.stderr.on('data', (part: Buffer) => (text += part.toString()));
      child.once('error', reject);
      // No answer at all is exit status 1, and an answer to us.
      child.once('close', () => resolve(text));
    });
  }
}

/** Starts a process in a new namespace that says when it is there and waits to be killed. */
async function hold(program: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, [...args, 'sh', '-c', 'echo ready; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${program} ${args.join(' ')}: no namespace`)));
  });
  return child;
}

function enter({ pid }: ChildProcess, isRoot: boolean): string[] {
  return ['nsenter', '-t', `${pid ?? 0}`, ...(isRoot ? ['-n'] : ['-U', '--preserve-credentials', '-n'])];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // absent or not for us
  }
}
