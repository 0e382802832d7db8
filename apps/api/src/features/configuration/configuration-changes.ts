import { Injectable } from '@nestjs/common';
import { type Requester } from '../../core/http/requester.ts';
import { type Operation } from '../../core/operations/index.ts';
import { AccountService } from '../auth/index.ts';
import { requireServerSetting } from '../server/control/index.ts';
import { type ChangeOutcome, Fail2banWatcher, ServerChanges } from '../server/index.ts';
import { ChangeChecks } from './change-checks.ts';
import { refusalOf } from './change-refusal.ts';
import { etagOf, type KnownFiles, planChange } from './change-plan.ts';
import {
  type Adoption,
  type ChangeCheck,
  type ChangeReason,
  type ConfigurationChange,
  type ConfigurationEdits,
} from './changes.dto.ts';
import {
  ConfigurationOutdated,
  ConfigurationUnknown,
  NothingToChange,
  PasswordNeeded,
  PathNotOurs,
} from './configuration.errors.ts';
import { ConfigurationDrafts } from './configuration-drafts.ts';
import { ConfigurationReader } from './configuration-reader.ts';
import { isOwnByName, serverFile } from './owned-path.ts';
import { ConfigurationRepository, type FileChange } from './store/index.ts';
import { ConfigurationFiles } from './transaction/configuration-files.ts';
import {
  type Committed,
  ConfigurationTransactions,
  type PlannedFiles,
} from './transaction/configuration-transactions.ts';
import { Clock } from '../../core/clock.ts';

/** Changes of the configuration as administrators ask for them. */
@Injectable()
export class ConfigurationChanges {
  constructor(
    private readonly repository: ConfigurationRepository,
    private readonly files: ConfigurationFiles,
    private readonly checks: ChangeChecks,
    private readonly reader: ConfigurationReader,
    private readonly transactions: ConfigurationTransactions,
    private readonly changes: ServerChanges,
    private readonly server: Fail2banWatcher,
    private readonly account: AccountService,
    private readonly drafts: ConfigurationDrafts,
    private readonly clock: Clock,
  ) {}

  /** What the change would do, without doing any of it. @throws what {@link planChange} throws */
  async check(edits: ConfigurationEdits): Promise<ChangeCheck> {
    return (await this.checks.examine(await this.planned(edits))).check;
  }

  /** Makes the change. The operation fails with what {@link planChange} throws, `ChangeRefused` or `ChangeUndone`. */
  apply(change: ConfigurationChange, requester: Requester): Promise<Operation> {
    const subjects = [
      ...change.jails.map(({ jail }) => jail),
      ...change.files.map(({ path }) => path),
      ...(change.server ? [serverFile] : []),
    ];
    return this.operate('configuration.change', { requester, comment: change.comment, subjects }, async (checked) => {
      const committed = await this.transactions.run({
        kind: 'change',
        actor: requester.username,
        comment: change.comment,
        checked,
        changes: async () => {
          return this.checked(await this.planned(change), change, requester);
        },
      });
      // A draft that is left offers what is done already; the change is no less made for it.
      const paths = committed.files.map(({ path }) => path);
      await this.drafts.discard(paths, requester).catch(() => undefined);
      return committed;
    });
  }

  /** What going back to a version would do, without doing any of it. @throws {NothingToChange} {@link ConfigurationUnknown} */
  async checkRestore(number: number): Promise<ChangeCheck> {
    return (await this.checks.examine(await this.changesTo(number))).check;
  }

  /** Brings back the files as they were in a version, as a new version. Fails like {@link apply}. */
  restore(number: number, reason: ChangeReason, requester: Requester): Promise<Operation> {
    const { comment } = reason;
    return this.operate('configuration.restore', { requester, comment, subjects: [`version ${number}`] }, (checked) =>
      this.transactions.run({
        kind: 'restore',
        actor: requester.username,
        comment,
        restored: number,
        checked,
        changes: async () => this.checked(await this.changesTo(number), reason, requester),
      }),
    );
  }

  /**
   * Takes a file over from whoever wrote it. Its text stays as it is; a copy is kept beside it, where fail2ban does not
   * read it.
   */
  adopt({ path, etag, comment }: Adoption, requester: Requester): Promise<Operation> {
    return this.operate('configuration.adopt', { requester, comment, subjects: [path] }, () =>
      this.transactions.run({
        kind: 'adopt',
        actor: requester.username,
        comment,
        changes: async () => {
          const text = await this.files.read(path);
          if (text === null) throw new ConfigurationUnknown(`file ${path.slice(0, 200)}`);
          if ((await this.known()).isOwned(path)) throw new NothingToChange();
          if (etagOf(text) !== etag) throw new ConfigurationOutdated([path]);
          await this.files.backUp(path, text, this.clock.now());
          return { files: [{ path, before: text, after: text }], tested: undefined };
        },
      }),
    );
  }

  /** Ends a change that is stuck. @throws {NothingToChange} when none is; what fail2ban throws */
  async resolve(how: 'undo' | 'keep', requester: Requester): Promise<void> {
    const record = { requester, action: 'configuration.resolve', subject: null, detail: { how } };
    await this.changes.carryOut(record, async () => {
      if (!(await this.transactions.resolve(how, requester.username))) throw new NothingToChange();
      return { outcome: {} };
    });
  }

  /** @throws what {@link planChange} throws; `ServerSettingInvalid` */
  private async planned(edits: ConfigurationEdits): Promise<FileChange[]> {
    if (edits.server) {
      const present = (await this.reader.read()).server.get('logtarget')?.value ?? '';
      for (const { option, value } of edits.server.set) requireServerSetting(option, value, present);
    }
    return planChange(edits, await this.known());
  }

  /** Which files BanGUI may change. */
  async known(): Promise<KnownFiles> {
    const owned = await this.repository.owned();
    return {
      read: (path) => this.files.read(path),
      isOwned: (path) => isOwnByName(path) || owned.has(path),
    };
  }

  /** @throws {NothingToChange} {@link ConfigurationUnknown} {@link PathNotOurs} */
  private async changesTo(number: number): Promise<FileChange[]> {
    if (number !== 0 && !(await this.repository.version(number))) throw new ConfigurationUnknown(`version ${number}`);
    const known = await this.known();
    const files: FileChange[] = [];
    for (const [path, after] of await this.repository.asOf(number)) {
      if (!known.isOwned(path)) throw new PathNotOurs(path);
      const before = await this.files.read(path);
      if (before !== after) files.push({ path, before, after });
    }
    if (files.length === 0) throw new NothingToChange();
    return files;
  }

  private async checked(
    files: readonly FileChange[],
    { password }: ChangeReason,
    requester: Requester,
  ): Promise<PlannedFiles> {
    const { check, tested } = await this.checks.examine(files);
    const { problems, needsPassword } = check;
    if (problems.length > 0) throw refusalOf(problems);
    if (needsPassword) {
      if (password === undefined) throw new PasswordNeeded();
      await this.account.confirm(requester, password, 'configuration.change');
    }
    return { files, tested };
  }

  private operate(
    action: string,
    { requester, comment, subjects }: { requester: Requester; comment: string; subjects: readonly string[] },
    work: (checked: () => void) => Promise<Committed>,
  ): Promise<Operation> {
    return this.changes.operate({
      kind: 'configure',
      action,
      subject: null,
      requester,
      detail: { comment, subjects },
      // What was not read back is not done.
      check: () => this.server.requireOnline(),
      // Two steps: the check, then writing, loading and reading back.
      work: async (_online, progress) => {
        progress(0, 2);
        return outcomeOf(await work(() => progress(1, 2)));
      },
    });
  }
}

function outcomeOf({ version, files, applied }: Committed): ChangeOutcome {
  const paths = files.map(({ path }) => path);
  return { outcome: { version, paths, ...applied }, after: { version, paths } };
}
