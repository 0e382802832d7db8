import { type Armed, type JailParameter, type JailProofPart, type JailSummary } from '../api/generated/models';
import { reasonText } from '../api/reason-text';
import { formatDuration, formatNumber } from '../ui/format';
import { type IconName } from '../ui/icons';

/** How a jail stands, for a chip: meaning, icon, words. */
export interface JailStanding {
  readonly meaning: 'ok' | 'watch' | 'danger' | 'info' | '';
  readonly icon: IconName;
  readonly text: string;
}

/** The standing of a jail in one or two words. Missing protection is a danger, an unproven one something to watch. */
export function standingOf(jail: Pick<JailSummary, 'state' | 'armed'>): JailStanding {
  if (jail.state === 'stopped') return { meaning: 'danger', icon: 'danger', text: $localize`Stopped` };
  if (jail.armed.status === 'not-armed') return { meaning: 'danger', icon: 'danger', text: $localize`Not armed` };
  if (jail.state === 'idle') return { meaning: 'watch', icon: 'pause', text: $localize`Idle` };
  if (jail.armed.status === 'unknown') return { meaning: '', icon: 'info', text: $localize`Not proven` };
  return { meaning: 'ok', icon: 'check', text: $localize`Armed` };
}

/** The parts of a jail that can differ from its configuration, in words. */
export function partWords(part: string): string {
  switch (part) {
    case 'failRegexes':
      return $localize`Filter regexes`;
    case 'ignoreRegexes':
      return $localize`Ignore regexes`;
    case 'logSource':
      return $localize`Log source`;
    case 'actions':
      return $localize`Actions`;
    case 'ignoreList':
      return $localize`Ignore list`;
    case 'parameters':
      return $localize`Find, ban, tries`;
    case 'jail':
      return $localize`The jail itself`;
    case 'idle':
      return $localize`Idle`;
    default:
      return part;
  }
}

/** Parts whose entries are too long to be read in a table: their number says enough. */
const COUNTED: ReadonlySet<string> = new Set(['failRegexes', 'ignoreRegexes', 'parameters']);
/** Entries named before "and more". */
const MOST_NAMED = 2;

/** One side of a part of the proof in a few words: how many regexes, which log files. */
export function entriesWords(part: string, entries: readonly string[], count: number): string {
  if (count === 0) return $localize`none`;
  if (COUNTED.has(part)) return formatNumber(count);
  if (count <= MOST_NAMED) return entries.join(', ');
  const more = formatNumber(count - MOST_NAMED);
  return $localize`${entries.slice(0, MOST_NAMED).join(', ')}:entries: and ${more}:count: more`;
}

/** What fail2ban has of a part beside what is configured, in a few words. */
export function actualWords({ part, actual, actualCount, equal, detail }: JailProofPart): string {
  const words = entriesWords(part, actual, actualCount);
  if (!COUNTED.has(part) || actualCount === 0) return words;
  return equal
    ? $localize`${words}:count:, all equal`
    : $localize`${words}:count:, ${formatNumber(detail?.length ?? 0)}:differences: different`;
}

/** What it means for protection when a part is not as configured. */
export function consequenceOf(part: string): string {
  switch (part) {
    case 'failRegexes':
      return $localize`Failed attempts may not be recognised.`;
    case 'ignoreRegexes':
      return $localize`Lines that should be ignored may count, or the other way round.`;
    case 'logSource':
      return $localize`fail2ban does not read where the attempts are written.`;
    case 'actions':
      return $localize`A ban may change nothing in the firewall.`;
    case 'ignoreList':
      return $localize`Addresses that must stay free may be banned, or the other way round.`;
    case 'parameters':
      return $localize`Bans come sooner, later, shorter or longer than configured.`;
    case 'jail':
      return $localize`fail2ban does not have this jail: nothing of it is active.`;
    case 'idle':
      return idleWords();
    default:
      return '';
  }
}

const idleWords = (): string => $localize`It does not read its log while it is idle, so it bans nobody.`;

/** Why a jail is not armed or not proven, in words; empty for one that is armed. */
export function armedReason(armed: Armed): string {
  if (armed.reasonCode !== 'idle' && armed.reasonCode !== 'not-as-configured') return reasonText(armed);
  const sentences = armed.missing.includes('idle') ? [idleWords()] : [];
  const parts = armed.missing.filter((part) => part !== 'idle').map((part) => partWords(part));
  if (parts.length > 0) sentences.push($localize`Not as configured: ${parts.join(', ')}:parts:.`);
  return sentences.join(' ');
}

/** What a person should look at about this jail, in one sentence; empty when nothing. */
export function concernOf(jail: JailSummary): string {
  if (jail.state === 'stopped') {
    return $localize`Enabled in the configuration, but fail2ban does not run it.`;
  }
  if (jail.armed.status === 'not-armed') return armedReason(jail.armed);
  if (jail.state === 'idle') return idleWords();
  return '';
}

/** A parameter's name for people. */
export function parameterLabel(name: string): string {
  const labels: Readonly<Record<string, string>> = {
    maxretry: $localize`Tries before a ban`,
    findtime: $localize`Within`,
    bantime: $localize`Ban for`,
    'bantime.increment': $localize`Longer each time`,
    'bantime.factor': $localize`Growth factor`,
    'bantime.formula': $localize`Growth formula`,
    'bantime.multipliers': $localize`Growth steps`,
    'bantime.maxtime': $localize`Longest ban`,
    'bantime.rndtime': $localize`Random extra time`,
    'bantime.overalljails': $localize`Count bans of all jails`,
    usedns: $localize`Host names in logs`,
    datepattern: $localize`Date pattern`,
    logtimezone: $localize`Time zone of the log`,
    logencoding: $localize`Encoding of the log`,
    maxlines: $localize`Lines looked at together`,
    maxmatches: $localize`Matches kept for each ban`,
    ignorecommand: $localize`Ignore command`,
    ignorecache: $localize`Ignore cache`,
    ignoreself: $localize`Ignore own addresses`,
    prefregex: $localize`Prefix regex`,
  };
  return labels[name] ?? name;
}

const DURATIONS: ReadonlySet<string> = new Set(['bantime', 'findtime', 'bantime.maxtime', 'bantime.rndtime']);

/** The value in words where the raw one needs them (`3600` is `1 h`), else empty. */
export function parameterWords(parameter: JailParameter): string {
  const seconds = Number(parameter.actual);
  return DURATIONS.has(parameter.name) && parameter.actual !== '' && Number.isFinite(seconds)
    ? formatDuration(seconds)
    : '';
}

/** Where the jail reads from, in a word. */
export function sourceWords(jail: Pick<JailSummary, 'source' | 'backend'>): string {
  const words = { log: $localize`log file`, journal: $localize`journal`, none: $localize`no source` };
  return jail.backend === null ? words[jail.source] : `${words[jail.source]}, ${jail.backend}`;
}
