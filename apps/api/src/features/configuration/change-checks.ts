import {
  type Configuration,
  type ConfigurationProblem,
  EditableFile,
  type FileProblem,
  type JailConfiguration,
} from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Fail2banConfiguration, folderDigest } from '../../core/fail2ban/index.ts';
import { ConfigurationUnreadable, type TestedFolder } from '../jails/index.ts';
import { affectedJails } from './affected-jails.ts';
import { type ChangeCheck, type ChangeProblem, type CheckStep } from './changes.dto.ts';
import { ConfigurationReader } from './configuration-reader.ts';
import { movedRun } from './moved-run.ts';
import { RegexProbe } from './regex-probe.ts';
import { addsRootCommands } from './root-commands.ts';
import { type FileChange } from './store/index.ts';
import { StagedFolder } from './transaction/staged-folder.ts';

/** Problems listed in one answer. */
const maxProblems = 100;

/** What was found out about a change. */
export interface Examined {
  readonly check: ChangeCheck;
  /** The folder as it would be; undefined when something is wrong with it. */
  readonly tested: TestedFolder | undefined;
}

/** Checks a change step by step, on a copy of the whole folder: nothing is written where fail2ban reads. */
@Injectable()
export class ChangeChecks {
  constructor(
    private readonly reader: ConfigurationReader,
    private readonly fail2ban: Fail2banConfiguration,
    private readonly regexes: RegexProbe,
    private readonly clock: Clock,
  ) {}

  /** What the change would do, and what is against it. @throws {ConfigurationUnreadable} when that cannot be found out */
  async examine(changes: readonly FileChange[]): Promise<Examined> {
    const startedAt = this.clock.monotonic();
    const before = await this.reader.read();
    try {
      await using staged = await StagedFolder.of(this.reader.directory, changes);
      const unreadable = changes.flatMap(unreadableLines);
      // At the same time: what fail2ban says is needed unless BanGUI's own reader finds something, which is rare.
      const [after, asked] = await Promise.all([
        this.reader.readFolder(staged.path),
        unreadable.length > 0 ? undefined : this.askFail2ban(staged.path, changes),
      ]);
      const affected = affectedJails(changes, before, after);
      const own = unreadable.length > 0 ? unreadable : newProblems(before, after, affected);
      // fail2ban's own words for the same would only be longer.
      const further = own.length > 0 ? [] : (asked?.problems ?? []);
      const jails = { before: enabledIn(before), after: enabledIn(after) };
      const check: ChangeCheck = {
        problems: [...own, ...further].slice(0, maxProblems),
        files: [...changes],
        added: jails.after.filter((name) => !jails.before.includes(name)),
        removed: jails.before.filter((name) => !jails.after.includes(name)),
        needsPassword: addsRootCommands(affected.before, affected.after),
        tookMs: Math.ceil(this.clock.monotonic() - startedAt),
      };
      return { check, tested: check.problems.length > 0 ? undefined : asked?.tested };
    } catch (error) {
      // A program is missing, the folder cannot be copied: nothing is said about the change.
      throw new ConfigurationUnreadable(error);
    }
  }

  private async askFail2ban(directory: string, changes: readonly FileChange[]) {
    const [tested, run, digest] = await Promise.all([
      this.fail2ban.test(directory),
      this.fail2ban.dryRun(undefined, directory),
      folderDigest(directory),
    ]);
    const known = new Set(run.problems.map(({ jail }) => jail));
    const said = (step: CheckStep) => (problem: ConfigurationProblem) => ({
      step,
      file: null,
      line: null,
      ...problem,
      message: problem.message.replaceAll(directory, this.reader.directory),
    });
    const found = [
      ...run.problems.map(said('dry-run')),
      ...tested.filter(({ jail }) => !known.has(jail)).map(said('test')),
    ];
    const problems = found.length > 0 ? found : await this.regexes.probe(directory, run, changes);
    return { problems, tested: { digest, run: movedRun(run, directory, this.reader.directory) } };
  }
}

function enabledIn({ jails }: Configuration): string[] {
  return jails.filter(({ isEnabled }) => isEnabled).map(({ name }) => name);
}

/** Lines that fail2ban could not read; it would then refuse the whole folder. */
function unreadableLines({ path, after }: FileChange): ChangeProblem[] {
  if (after === null) return [];
  return EditableFile.parse(after).problems.map(({ line, message }) => ({
    ...{ step: 'reader' as const, file: path, line, jail: null, option: null, message },
  }));
}

/** What the reader finds wrong with files and these jails after the change and did not before. */
function newProblems(
  before: Configuration,
  after: Configuration,
  affected: ReturnType<typeof affectedJails>,
): ChangeProblem[] {
  const step = 'reader' as const;
  const known = new Set(problemsOf(before.problems, affected.before).map(({ key }) => key));
  return problemsOf(after.problems, affected.after)
    .filter(({ key }) => !known.has(key))
    .map(({ jail, file, line, option, message }) => ({ step, file, line, jail, option, message }));
}

interface Found {
  readonly key: string;
  readonly jail: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly option: string | null;
  readonly message: string;
}

function problemsOf(problems: readonly FileProblem[], jails: readonly JailConfiguration[]): Found[] {
  const ofFiles = problems.map(({ file, line, message }) => ({
    ...{ key: `${file}\n${message}`, jail: null, file, line, option: null, message },
  }));
  // A jail that is not enabled may be incomplete.
  const ofJails = jails
    .filter(({ isEnabled }) => isEnabled)
    .flatMap(({ name, problems: found }) =>
      found.map(({ option, message, origin }) => ({
        key: `${name}\n${option}\n${message}`,
        jail: name,
        file: origin?.file ?? null,
        line: origin?.line ?? null,
        option,
        message,
      })),
    );
  return [...ofFiles, ...ofJails];
}
