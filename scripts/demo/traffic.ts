/** One line that a demo log gets, and how long to wait before the next. */
export interface DemoLine {
  readonly jail: 'sshd' | 'nginx-http-auth';
  readonly address: string;
  readonly line: string;
  readonly pauseMs: number;
}

interface Attacker {
  readonly address: string;
  readonly jail: DemoLine['jail'];
  readonly user: string;
  attemptsLeft: number;
}

const users = ['root', 'admin', 'ubuntu', 'test', 'postgres', 'oracle', 'git', 'deploy', 'pi', 'backup', 'www-data'];
const networks = ['192.0.2', '198.51.100', '203.0.113'];

/** Attackers that arrive at once at the start, so that there is something to see. */
const firstWave = 30;

/**
 * Failed logins as sshd and nginx log them, without end. All addresses are of the networks reserved for documentation
 * (RFC 5737, RFC 3849): no line can be about anybody. `random` gives numbers from 0 up to 1.
 */
export class DemoTraffic {
  private readonly random: () => number;
  private readonly active: Attacker[] = [];
  private arrivals = 0;
  private written = 0;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  /** The next line as it would be written at `now`, in the local time zone of this process. */
  next(now: Date): DemoLine {
    while (this.active.length < (this.arrivals < firstWave ? 6 : 2)) this.active.push(this.arrive());
    const attacker = this.pick(this.active);
    attacker.attemptsLeft--;
    if (attacker.attemptsLeft === 0) this.active.splice(this.active.indexOf(attacker), 1);
    this.written++;
    const isFirstWave = this.arrivals <= firstWave;
    return {
      jail: attacker.jail,
      address: attacker.address,
      line: attacker.jail === 'sshd' ? this.sshLine(attacker, now) : this.nginxLine(attacker, now),
      pauseMs: isFirstWave ? 40 + this.random() * 80 : 300 + this.random() * 900,
    };
  }

  private arrive(): Attacker {
    this.arrivals++;
    // Three attempts are a ban; a few give up before.
    const isPatient = this.random() < 0.85;
    return {
      address: this.random() < 0.8 ? this.address4() : this.address6(),
      jail: this.random() < 0.7 ? 'sshd' : 'nginx-http-auth',
      user: this.pick(users),
      attemptsLeft: isPatient ? 3 + this.below(2) : 1 + this.below(2),
    };
  }

  private address4(): string {
    return `${this.pick(networks)}.${1 + this.below(254)}`;
  }

  private address6(): string {
    const group = () => this.below(0x10000).toString(16);
    return `2001:db8:${group()}:${group()}::${(1 + this.below(0xffff)).toString(16)}`;
  }

  private sshLine({ address, user }: Attacker, now: Date): string {
    const port = 1024 + this.below(64_000);
    return `${now.toISOString().replace('Z', '+00:00')} demo sshd[${1000 + this.below(30_000)}]: Failed password for invalid user ${user} from ${address} port ${port} ssh2`;
  }

  private nginxLine({ address, user }: Attacker, now: Date): string {
    const two = (value: number) => String(value).padStart(2, '0');
    const date = `${now.getFullYear()}/${two(now.getMonth() + 1)}/${two(now.getDate())}`;
    const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
    return `${date} ${time} [error] 812#812: *${this.written} user "${user}": password mismatch, client: ${address}, server: demo.example, request: "GET /admin/ HTTP/1.1", host: "demo.example"`;
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('there is nothing to pick from');
    return item;
  }
}
