import { type SchedulerInfo, type TaskRun, type TaskSchedule } from '../api/generated/models';
import { formatDuration, formatNumber } from '../ui/format';
import { type IconName } from '../ui/icons';
import { locale } from '../ui/locale';
import { CRON_BOUNDS, type CronFault } from './cron-times';

const weekdayName = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
/** 1970-01-04, a Sunday. */
const SUNDAY_MS = 3 * 86_400_000;

/** What a task is called for people; one that this portal does not know stays as the API names it. */
export function taskTitle({ id, title }: { readonly id: string; readonly title?: string }): string {
  switch (id) {
    case 'history_sync':
      return $localize`Take bans into the history`;
    case 'history_retention':
      return $localize`Forget old history`;
    case 'history_roll_up_repair':
      return $localize`Make the sums of the history again`;
    case 'session_clean_up':
      return $localize`Forget ended sessions`;
    case 'geo_cache_clean_up':
      return $localize`Clean up reverse names`;
    case 'blocklist_import':
      return $localize`Import blocklists`;
    case 'blocklist_clean_up':
      return $localize`Forget old imports of blocklists`;
    case 'allowlist_clean_up':
      return $localize`Remove expired entries of the allowlist`;
    default:
      return title ?? id;
  }
}

/** When a task runs: `every hour`, `every day at 03:40 UTC`, `all the time`. */
export function scheduleWords({ kind, cron, everySeconds }: TaskSchedule): string {
  if (kind === 'interval') return intervalWords(everySeconds ?? 0);
  return kind === 'cron' ? cronWords(cron ?? '') : $localize`all the time`;
}

function intervalWords(seconds: number): string {
  switch (seconds) {
    case 60:
      return $localize`every minute`;
    case 3600:
      return $localize`every hour`;
    case 86_400:
      return $localize`every day`;
    default:
      return $localize`every ${formatDuration(seconds)}:duration:`;
  }
}

/** The usual expressions in words; any other as it is. */
function cronWords(cron: string): string {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.split(' ');
  const time = isNumber(minute) && isNumber(hour) ? `${hour.padStart(2, '0')}:${minute.padStart(2, '0')} UTC` : null;
  const stars = [hour, day, month, weekday].map((field) => (field === '*' ? '*' : '.')).join('');
  if (stars === '****' && minute === '*') return $localize`every minute`;
  if (stars === '****' && isNumber(minute)) return $localize`every hour at minute ${minute}:minute:`;
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (stars === '****' && step !== undefined && 60 % Number(step) === 0) return intervalWords(Number(step) * 60);
  if (time !== null && stars === '.***') return $localize`every day at ${time}:time:`;
  if (time !== null && stars === '.**.' && isNumber(weekday)) {
    const name = weekdayName.format(SUNDAY_MS + (Number(weekday) % 7) * 86_400_000);
    return $localize`every ${name}:weekday: at ${time}:time:`;
  }
  if (time !== null && stars === '..**' && isNumber(day)) {
    return $localize`on day ${day}:day: of every month at ${time}:time:`;
  }
  return $localize`by cron ${cron}:cron:, in UTC`;
}

function isNumber(field: string): boolean {
  return /^\d+$/.test(field);
}

/** What is wrong with a cron expression. */
export function cronFaultWords(fault: CronFault): string {
  if (fault.kind === 'never') return $localize`This day never comes.`;
  const bounds = fault.kind === 'field' ? CRON_BOUNDS[fault.field] : undefined;
  if (fault.kind === 'fields' || bounds === undefined) {
    return $localize`Five fields are needed: minute, hour, day, month, weekday.`;
  }
  const [low, high] = bounds;
  const names = [$localize`minute`, $localize`hour`, $localize`day`, $localize`month`, $localize`weekday`];
  const name = names[fault.field] ?? '';
  return $localize`The ${name}:field: must be made of the numbers ${low}:low: to ${high}:high: and * , - /`;
}

/** How a run ended, or that it goes on. */
export function outcomeWords(outcome: TaskRun['outcome']): string {
  switch (outcome) {
    case 'running':
      return $localize`running`;
    case 'succeeded':
      return $localize`succeeded`;
    case 'failed':
      return $localize`failed`;
    case 'timed-out':
      return $localize`took too long`;
    case 'interrupted':
      return $localize`interrupted`;
    case 'stopped':
      return $localize`stopped`;
  }
}

/** The looks of an outcome. */
export function outcomeMeaning(outcome: TaskRun['outcome']): 'ok' | 'watch' | 'danger' | 'info' | '' {
  const meanings = {
    running: 'info',
    succeeded: 'ok',
    failed: 'danger',
    'timed-out': 'danger',
    interrupted: 'watch',
    stopped: '',
  } as const;
  return meanings[outcome];
}

/** The picture of an outcome; null for a run that goes on, which turns. */
export function outcomeIcon(outcome: TaskRun['outcome']): IconName | null {
  const icons = {
    running: null,
    succeeded: 'confirmed',
    failed: 'danger',
    'timed-out': 'danger',
    interrupted: 'warning',
    stopped: 'stop',
  } as const;
  return icons[outcome];
}

/** Why a run began. */
export function triggerWords(run: TaskRun): string {
  switch (run.trigger) {
    case 'schedule':
      return $localize`as planned`;
    case 'catch-up':
      return $localize`made up for`;
    case 'by-hand':
      return run.requestedBy === null ? $localize`by hand` : $localize`by ${run.requestedBy}:name:`;
  }
}

/** What a run did: `12 removed`; empty when it tells nothing. */
export function resultWords(result: TaskRun['result']): string {
  return Object.entries(result ?? {})
    .map(([name, value]) => {
      const names: Readonly<Record<string, string>> = {
        events: value === 1 ? $localize`event removed` : $localize`events removed`,
        removed: $localize`removed`,
        days: value === 1 ? $localize`day` : $localize`days`,
      };
      return `${formatNumber(value)} ${names[name] ?? name}`;
    })
    .join(', ');
}

/** How long a run took; milliseconds. */
export function tookWords(ms: number): string {
  return ms < 1000 ? $localize`${formatNumber(ms)}:milliseconds: ms` : formatDuration(ms / 1000);
}

/** What an instance does with the lock. */
export function roleWords(role: SchedulerInfo['role']): string {
  switch (role) {
    case 'required':
      return $localize`runs the tasks, or does not start`;
    case 'standby':
      return $localize`takes over when the lock is free`;
    case 'off':
      return $localize`never runs tasks`;
  }
}
