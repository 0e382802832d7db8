import { EXAMPLE_NETWORKS, type ExampleNetwork } from './example-places.ts';

/** A jail of the examples: how long it bans, how often it is hit, and what its lines look like. */
export interface ExampleJail {
  readonly name: string;
  /** Seconds. */
  readonly bantime: number;
  readonly share: number;
  readonly line: (address: string, turn: number) => string;
}

/** A ban that was. */
export interface ExampleBan {
  readonly jail: string;
  readonly network: ExampleNetwork;
  readonly address: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Seconds. */
  readonly duration: number;
  readonly banCount: number;
  readonly failures: number;
  readonly matches: readonly string[];
}

const USERS = ['root', 'admin', 'oracle', 'ubuntu', 'git', 'test', 'postgres', 'deploy'];
const user = (turn: number): string => USERS[turn % USERS.length] ?? 'root';

export const EXAMPLE_JAILS: readonly ExampleJail[] = [
  {
    name: 'sshd',
    bantime: 3600,
    share: 44,
    line: (address, turn) =>
      `sshd[${String(41_000 + turn)}]: Failed password for invalid user ${user(turn)} from ${address} port ${String(40_000 + turn)} ssh2`,
  },
  {
    name: 'postfix-sasl',
    bantime: 14_400,
    share: 17,
    line: (address) =>
      `postfix/smtpd[2213]: warning: unknown[${address}]: SASL LOGIN authentication failed: authentication failure`,
  },
  {
    name: 'nginx-http-auth',
    bantime: 600,
    share: 10,
    line: (address, turn) =>
      `[error] 811#811: *${String(turn)} user "${user(turn)}": password mismatch, client: ${address}, server: intranet.example, request: "GET / HTTP/1.1"`,
  },
  {
    name: 'dovecot',
    bantime: 3600,
    share: 8,
    line: (address, turn) =>
      `dovecot: imap-login: Login aborted: user=<${user(turn)}>, method=PLAIN, rip=${address}, TLS`,
  },
  {
    name: 'nginx-botsearch',
    bantime: 86_400,
    share: 12,
    line: (address, turn) =>
      `${address} - - "GET /${['wp-login.php', '.env', 'phpmyadmin/', 'cgi-bin/x'][turn % 4] ?? ''} HTTP/1.1" 404 153 "-" "Mozilla/5.0"`,
  },
  {
    name: 'recidive',
    bantime: 604_800,
    share: 3,
    line: (address) => `fail2ban.actions: NOTICE [sshd] Ban ${address}`,
  },
  {
    name: 'wordpress',
    bantime: 600,
    share: 6,
    line: (address, turn) => `${address} - - "POST /wp-login.php HTTP/1.1" 200 ${String(4000 + turn)} "-" "curl/8"`,
  },
  {
    name: 'vsftpd',
    bantime: 600,
    share: 0,
    line: (address) => `vsftpd: FAIL LOGIN: Client "${address}"`,
  },
];

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Between two looks at how busy it is, milliseconds. */
const STEP_MS = 10 * MINUTE_MS;

/** Numbers from 0 to 1 that are the same each time, so that two pictures can be compared. */
export function sameNumbers(): () => number {
  let state = 88_172_645;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Bans of `days` until `now`, oldest first: by day and night, with a few attacks, and many that come back. */
export function exampleBans(days: number, now: number): ExampleBan[] {
  const random = sameNumbers();
  const bans: ExampleBan[] = [];
  const times = new Map<string, number>();
  for (let at = now - days * DAY_MS; at < now; at += STEP_MS) {
    const age = (now - at) / DAY_MS;
    const isAttack = (age > 0.3 && age < 0.36) || (age > 9 && age < 9.6) || (age > 31 && age < 32);
    const busy = (age < 2 ? 9 : 3) * (1 + 0.5 * Math.sin((at / DAY_MS) * 2 * Math.PI)) * (isAttack ? 3 : 1);
    const count = Math.floor(busy * (0.5 + random()));
    for (let turn = 0; turn < count; turn += 1) {
      const jail = isAttack && random() < 0.7 ? EXAMPLE_JAILS[0] : chosen(EXAMPLE_JAILS, random() * 100);
      const network = EXAMPLE_NETWORKS[Math.floor(random() ** 3 * EXAMPLE_NETWORKS.length)];
      if (jail === undefined || network === undefined) continue;
      const host = 1 + Math.floor(random() ** 2 * 250);
      const address = random() < 0.07 ? `${network.six}::${host.toString(16)}` : `${network.four}.${String(host)}`;
      const key = `${jail.name} ${address}`;
      const banCount = (times.get(key) ?? 0) + 1;
      times.set(key, banCount);
      const failures = 3 + Math.floor(random() * 6);
      const matches = Array.from({ length: failures }, (_, line) => jail.line(address, host * 7 + line));
      const duration = jail.bantime;
      bans.push({
        jail: jail.name,
        network,
        address,
        at: Math.floor(at + random() * STEP_MS),
        duration,
        banCount,
        failures,
        matches,
      });
    }
  }
  return bans.filter((ban) => ban.at < now - 4000).sort((one, other) => one.at - other.at);
}

function chosen(jails: readonly ExampleJail[], share: number): ExampleJail | undefined {
  let rest = share;
  return jails.find((jail) => {
    rest -= jail.share;
    return rest < 0;
  });
}
