import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { Network } from '@bangui/ip';

/** Exit status for a bad environment, as sysexits.h names it (EX_CONFIG). */
export const configurationExitCode = 78;
/** Longest content of a file with a token, in bytes. */
const MAX_TOKEN_FILE = 4_096;

/** Every variable that is for the enforcer alone. */
const OWN_NAMES = ['SOCKET', 'NAME', 'STATE_DIR', 'ALLOW', 'MANAGEMENT_PORTS', 'CHECK_SECONDS', 'TRIAL_SECONDS'];

/** Everything the enforcer is told by its environment. */
export interface Settings {
  /** Where the API is: a Unix socket of this machine, or an address. */
  readonly api: { readonly socket: string } | { readonly url: URL };
  /** The token as it is now; a file is read again each time, because the token in it may be replaced. */
  readonly token: () => string;
  readonly name: string;
  readonly stateDir: string;
  /** Networks that are never blocked here, whatever the API says. */
  readonly allow: readonly Network[];
  /** Ports whose connected peers are never blocked. */
  readonly managementPorts: readonly number[];
  readonly checkSeconds: number;
  readonly trialSeconds: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** The environment holds something that the enforcer cannot start with. */
export class BadSettings extends Error {
  /** One line per problem, each naming its variable. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks the environment. @throws {BadSettings} with all problems at once */
export function loadSettings(environment: Environment): Settings {
  const problems: string[] = [];
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const known = new Set(OWN_NAMES.map((name) => `BANGUI_ENFORCER_${name}`));
  for (const name of Object.keys(environment).sort()) {
    if (name.startsWith('BANGUI_ENFORCER_') && !known.has(name))
      problems.push(`${name} is not a setting of the enforcer`);
  }
  const socket = read('BANGUI_ENFORCER_SOCKET');
  const api = readApi(socket, read('BANGUI_API_URL'), problems);
  const token = readToken(environment, socket, problems);
  const name = read('BANGUI_ENFORCER_NAME') ?? hostname();
  if (!/^\P{Cc}{1,64}$/u.test(name)) problems.push('BANGUI_ENFORCER_NAME must be 1 to 64 characters on one line');
  const stateDir = read('BANGUI_ENFORCER_STATE_DIR') ?? '/var/lib/bangui-enforcer';
  if (!stateDir.startsWith('/')) problems.push('BANGUI_ENFORCER_STATE_DIR must be an absolute path');
  const number = (variable: string, fallback: number, least: number, most: number): number => {
    const text = read(variable);
    const value = text === undefined ? fallback : /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    problems.push(`${variable} must be a whole number from ${least} to ${most}`);
    return fallback;
  };
  const settings: Omit<Settings, 'api'> = {
    token,
    name,
    stateDir,
    allow: readNetworks(read('BANGUI_ENFORCER_ALLOW'), problems),
    managementPorts: readPorts(read('BANGUI_ENFORCER_MANAGEMENT_PORTS') ?? '22', problems),
    checkSeconds: number('BANGUI_ENFORCER_CHECK_SECONDS', 5, 1, 5),
    trialSeconds: number('BANGUI_ENFORCER_TRIAL_SECONDS', 120, 5, 600),
    logLevel: readLevel(read('BANGUI_LOG_LEVEL') ?? 'info', problems),
  };
  if (problems.length > 0 || !api) throw new BadSettings(problems);
  return { ...settings, api };
}

/** Where the enforcer keeps its state; for what needs nothing else. @throws {BadSettings} */
export function loadStateDir(environment: Environment): string {
  const stateDir = environment['BANGUI_ENFORCER_STATE_DIR']?.trim() || '/var/lib/bangui-enforcer';
  if (stateDir.startsWith('/')) return stateDir;
  throw new BadSettings(['BANGUI_ENFORCER_STATE_DIR must be an absolute path']);
}

function readApi(socket: string | undefined, url: string | undefined, problems: string[]): Settings['api'] | undefined {
  if ((socket === undefined) === (url === undefined)) {
    problems.push('BANGUI_ENFORCER_SOCKET or BANGUI_API_URL must be set, and only one of them');
    return undefined;
  }
  if (socket !== undefined) {
    if (socket.startsWith('/') && Buffer.byteLength(socket) <= 107) return { socket };
    problems.push('BANGUI_ENFORCER_SOCKET must be an absolute path of at most 107 bytes');
    return undefined;
  }
  const parsed = URL.parse(url ?? '');
  const isPlain = parsed?.pathname === '/' && parsed.search === '' && parsed.username === '' && parsed.hash === '';
  if (!parsed || !isPlain || !['http:', 'https:'].includes(parsed.protocol)) {
    problems.push('BANGUI_API_URL must be like https://bangui.example, without path, user and query');
    return undefined;
  }
  const isLoopback = parsed.hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(parsed.hostname);
  if (parsed.protocol === 'https:' || isLoopback) return { url: parsed };
  problems.push('BANGUI_API_URL must be https: whoever reads the token could learn and change what is blocked');
  return undefined;
}

function readToken(environment: Environment, socket: string | undefined, problems: string[]): () => string {
  const direct = environment['BANGUI_API_TOKEN']?.trim() || undefined;
  const given = environment['BANGUI_API_TOKEN_FILE']?.trim() || undefined;
  if (direct !== undefined && given !== undefined) {
    problems.push('BANGUI_API_TOKEN and BANGUI_API_TOKEN_FILE are both set; set one of them');
  }
  if (direct !== undefined) {
    if (!isToken(direct)) problems.push('BANGUI_API_TOKEN must be a token of BanGUI, `bgt_…`');
    return () => direct;
  }
  const file = given ?? (socket === undefined ? undefined : join(dirname(socket), 'enforcer-token'));
  if (file === undefined) {
    problems.push('BANGUI_API_TOKEN or BANGUI_API_TOKEN_FILE must be set');
    return () => '';
  }
  // The API writes the file beside the socket when it starts, so it may come later.
  return () => {
    const content = readFileSync(file);
    const token = content.subarray(0, MAX_TOKEN_FILE).toString('latin1').trim();
    if (!isToken(token)) throw new Error(`${file} holds no token of BanGUI`);
    return token;
  };
}

function isToken(text: string): boolean {
  return /^bgt_[A-Za-z0-9_-]{43}$/.test(text);
}

function readNetworks(text: string | undefined, problems: string[]): Network[] {
  return (text?.split(',') ?? []).flatMap((part) => {
    const network = Network.parse(part.trim());
    if (!network) problems.push('BANGUI_ENFORCER_ALLOW must be addresses and networks, separated by commas');
    return network ? [network] : [];
  });
}

function readPorts(text: string, problems: string[]): number[] {
  const ports = text.split(',').map((part) => (/^\d{1,5}$/.test(part.trim()) ? Number(part) : 0));
  if (ports.every((port) => port >= 1 && port <= 65_535)) return ports;
  problems.push('BANGUI_ENFORCER_MANAGEMENT_PORTS must be TCP ports, separated by commas');
  return [];
}

function readLevel(text: string, problems: string[]): Settings['logLevel'] {
  const level = (['debug', 'info', 'warn', 'error'] as const).find((each) => each === text);
  if (level === undefined) problems.push('BANGUI_LOG_LEVEL must be one of debug, info, warn, error');
  return level ?? 'info';
}
