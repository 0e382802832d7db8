import {
  type ConfiguredJail,
  type DryRun,
  type ProbeFinding,
  type ProbeSubject,
  regexProbeLimits,
} from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { Fail2banConfiguration } from '../../core/fail2ban/index.ts';
import { JailLoading } from '../jails/index.ts';
import { WatchedLogs } from '../regex-lab/index.ts';
import { type ChangeProblem } from './changes.dto.ts';
import { definitionsIn } from './stream-definitions.ts';
import { type FileChange } from './store/index.ts';

/** Of each log of a jail. */
const maxLines = 100;
const maxBytes = 64 * 1024;
/** Logs of one jail that are looked at. */
const maxLogs = 3;

/** What is probed, and where it is said to be. */
interface Probed extends ProbeSubject {
  /** Null for a filter that no jail uses. */
  readonly jail: string | null;
  readonly file: string | null;
}

/** Keeps regular expressions out of the server on which it would stand still: a dry run only compiles them. */
@Injectable()
export class RegexProbe {
  /** One at a time: each may take a processor for seconds. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly fail2ban: Fail2banConfiguration,
    private readonly jails: JailLoading,
    private readonly logs: WatchedLogs,
  ) {}

  /**
   * What is wrong with the regular expressions that a change brings: those of jails that they do not have now, and those of
   * changed filters that no jail uses. Costs nothing when there are none. Rejects like `Fail2banConfiguration.dryRun`.
   * @param run of the folder as it would be, without a problem
   */
  async probe(directory: string, run: DryRun, changes: readonly FileChange[]): Promise<ChangeProblem[]> {
    const subjects = [...(await this.ofJails(run)), ...unusedFilters(run, changes)];
    if (subjects.length === 0) return [];
    const asked = this.last.then(() => this.fail2ban.probe(directory, subjects));
    this.last = asked.catch(() => undefined);
    return (await asked).flatMap((finding) => problemOf(finding, subjects[finding.subject]));
  }

  private async ofJails(run: DryRun): Promise<Probed[]> {
    const definitions = definitionsIn(run.stream);
    // Jails that share a filter share what is to be found out about it.
    const subjects = new Map<string, Probed>();
    for (const jail of run.jails) {
      const only = newRegexes(jail, this.jails.configured(jail.name));
      const use = definitions.get(jail.name);
      if (!only || !use) continue;
      const key = JSON.stringify([use, only]);
      if (subjects.has(key)) continue;
      subjects.set(key, { use, only, lines: await this.linesOf(jail), jail: jail.name, file: null });
    }
    return [...subjects.values()];
  }

  /** The last lines of its logs. Only of logs that jails read already: a change does not open any file that it names. */
  private async linesOf({ logPaths }: ConfiguredJail): Promise<string[]> {
    const known = new Set(this.logs.list().map(({ path }) => path));
    const lines: string[] = [];
    for (const path of logPaths.filter((one) => known.has(one)).slice(0, maxLogs)) {
      // One that BanGUI may not read is no fault of the change.
      lines.push(...(await this.logs.tail(path, maxLines, maxBytes).catch(() => [])));
    }
    return lines;
  }
}

/** Which of its regular expressions it does not have now. Undefined when there are none. */
function newRegexes(jail: ConfiguredJail, now: ConfiguredJail | undefined): ProbeSubject['only'] | undefined {
  const added = (regexes: readonly string[], known: readonly string[] = []): number[] =>
    regexes.flatMap((regex, index) => (known.includes(regex) ? [] : [index]));
  const failregex = added(jail.failRegexes, now?.failRegexes);
  const ignoreregex = added(jail.ignoreRegexes, now?.ignoreRegexes);
  const prefregex = jail.prefRegex !== '' && jail.prefRegex !== now?.prefRegex;
  const isSame = failregex.length === 0 && ignoreregex.length === 0 && !prefregex;
  return isSame ? undefined : { failregex, ignoreregex, prefregex };
}

/** Changed filters that no enabled jail uses, so that the dry run did not look at them. */
function unusedFilters({ jails }: DryRun, changes: readonly FileChange[]): Probed[] {
  return changes.flatMap(({ path, after }) => {
    const filter = /^filter\.d\/(.+)\.local$/.exec(path)?.[1];
    if (filter === undefined || after === null || jails.some((jail) => jail.filter === filter)) return [];
    return [{ use: { filter }, lines: [], only: null, jail: null, file: path }];
  });
}

function problemOf(finding: ProbeFinding, subject: Probed | undefined): ChangeProblem[] {
  const { part, kind, regex, message, line, length } = finding;
  // One that is there to be included may lack what others give it.
  if (!subject || part === 'filter') return [];
  const seconds = regexProbeLimits.matchMs / 1_000;
  const where = line === null ? 'a line of the log' : `a line of ${length} characters, ${JSON.stringify(line)}`;
  const words =
    kind === 'unusable'
      ? message
      : `It takes over ${seconds} s on ${where}, because there are too many ways to match it. fail2ban would stand still on it.`;
  const { jail, file } = subject;
  return [
    { step: 'probe', file, line: null, jail, option: part, message: regex === null ? words : `${words}\n${regex}` },
  ];
}
