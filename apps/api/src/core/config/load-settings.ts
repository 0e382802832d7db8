import { readFileSync } from 'node:fs';
import { validateSync } from 'class-validator';
import { type SettingDeclaration, settingsOf } from './setting.ts';
import { schedulerTimes, Settings } from './settings.ts';

/** Exit status for a bad environment, as sysexits.h names it (EX_CONFIG). */
export const configurationExitCode = 78;

/** Longest content of a `…_FILE`, in bytes. */
const maxFileBytes = 64 * 1024;

/** The environment holds something BanGUI cannot start with. */
export class BadSettings extends Error {
  constructor(
    /** One line per problem, each naming its variable. */
    readonly problems: readonly string[],
  ) {
    super(problems.join('\n'));
    this.name = 'BadSettings';
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks every `BANGUI_…` variable. Throws {@link BadSettings} with all problems at once. */
export function loadSettings(environment: Environment): Settings {
  const declarations = settingsOf(Settings);
  const problems = unknownNames(environment, declarations);
  const values: Record<string, unknown> = {};
  for (const declaration of declarations) {
    const text = textOf(environment, declaration, problems);
    if (text !== undefined) values[declaration.member] = valueOf(declaration, text);
  }
  const settings = Object.assign(new Settings(), values);
  const nameOf = new Map(declarations.map(({ member, name }) => [member, name]));
  for (const error of validateSync(settings, { stopAtFirstError: true })) {
    const complaint = Object.values(error.constraints ?? {})[0] ?? 'is not valid';
    // class-validator's own sentences start with the member's name; ours do not.
    const name = nameOf.get(error.property) ?? error.property;
    problems.push(`${name} ${complaint.replace(new RegExp(`^${error.property} `), '')}`);
  }
  if (settings.sessionCookieSamesite === 'none' && !settings.sessionCookieSecure) {
    problems.push(
      'BANGUI_SESSION_COOKIE_SAMESITE none needs BANGUI_SESSION_COOKIE_SECURE true: browsers drop such a cookie otherwise',
    );
  }
  if (settings.databaseUrl !== undefined && settings.secretKey.length === 0) {
    problems.push(
      'BANGUI_SECRET_KEY is required with BANGUI_DATABASE_URL: every instance must open what another one has sealed',
    );
  }
  problems.push(...schedulerProblems(settings));
  if (problems.length > 0) throw new BadSettings(problems);
  return Object.freeze(settings);
}

/** What the settings of the scheduler, each of them right, must not be together. */
function schedulerProblems(settings: Settings): string[] {
  const problems: string[] = [];
  const { heartbeatSeconds, lockTtlSeconds } = schedulerTimes(settings);
  // 59.9 / 12 is not quite what it should be in binary.
  if (lockTtlSeconds * 1_000 < Math.round(heartbeatSeconds * 12_000)) {
    problems.push(
      `BANGUI_SCHEDULER_LOCK_TTL_SECONDS ${lockTtlSeconds} must be at least 12 times BANGUI_SCHEDULER_HEARTBEAT_SECONDS ${heartbeatSeconds}: a few late heartbeats must not lose the lock`,
    );
  }
  if (settings.schedulerLock === 'redis' && settings.redisUrl === undefined) {
    problems.push('BANGUI_SCHEDULER_LOCK redis needs BANGUI_REDIS_URL');
  }
  return problems;
}

function unknownNames(environment: Environment, declarations: readonly SettingDeclaration[]): string[] {
  const known = new Set(declarations.flatMap(({ name }) => [name, `${name}_FILE`]));
  return Object.keys(environment)
    .filter((name) => name.startsWith('BANGUI_') && !known.has(name))
    .sort()
    .map((name) => `${name} is not a setting of BanGUI`);
}

/** The text that counts for a setting: the variable, the file, or the fallback. */
function textOf(
  environment: Environment,
  { name, fallback, keepsEmpty }: SettingDeclaration,
  problems: string[],
): string | undefined {
  // Compose files pass unset variables on as empty ones, so empty means unset unless the setting says otherwise.
  const given = (value: string | undefined, isEmptyKept: boolean) => (value === '' && !isEmptyKept ? undefined : value);
  const direct = given(environment[name], keepsEmpty);
  const path = given(environment[`${name}_FILE`], false);
  if (direct !== undefined && path !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set; set one of them`);
    return direct;
  }
  if (path === undefined) return direct ?? fallback;
  try {
    const content = readFileSync(path);
    if (content.length > maxFileBytes) {
      problems.push(`${name}_FILE: ${path} is larger than ${maxFileBytes} bytes`);
      return fallback;
    }
    return content.toString('utf8').replace(/\r?\n$/, '');
  } catch (error) {
    // The file is the operator's; whatever keeps us from reading it is for them to mend.
    problems.push(`${name}_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return fallback;
  }
}

/** A text that is not of its kind stays as it is, and the member's check complains about it. */
function valueOf({ kind }: SettingDeclaration, text: string): unknown {
  switch (kind) {
    case 'text':
      return text;
    case 'integer':
      return /^\d{1,15}$/.test(text.trim()) ? Number(text) : text;
    case 'decimal':
      return /^\d{1,9}(\.\d{1,3})?$/.test(text.trim()) ? Number(text) : text;
    case 'boolean':
      return { true: true, false: false }[text.trim().toLowerCase()] ?? text;
    case 'list':
      return text.trim() === '' ? [] : text.split(',').map((entry) => entry.trim());
  }
}
