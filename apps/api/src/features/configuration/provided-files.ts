import { Injectable } from '@nestjs/common';
import { ChangeChecks } from './change-checks.ts';
import { refusalOf } from './change-refusal.ts';
import { ConfigurationFiles } from './transaction/configuration-files.ts';
import { ConfigurationTransactions } from './transaction/configuration-transactions.ts';

/** Files with jails that BanGUI itself needs, changed by the same transaction as an administrator's. */
@Injectable()
export class ProvidedFiles {
  constructor(
    private readonly files: ConfigurationFiles,
    private readonly checks: ChangeChecks,
    private readonly transactions: ConfigurationTransactions,
  ) {}

  /**
   * Makes sure that `jail.d/zz-bangui-NAME.local` has this text and that fail2ban has loaded it. Resolves to whether it was
   * changed for that.
   * @throws {ChangeRefused} {@link ChangeUndone} {@link ConfigurationBusy}: everything is as it was then
   */
  async provide(name: string, text: string): Promise<boolean> {
    const path = `jail.d/zz-bangui-${name}.local`;
    if ((await this.files.read(path)) === text) return false;
    await this.transactions.run({
      kind: 'change',
      actor: 'BanGUI',
      comment: '',
      changes: async () => {
        const changes = [{ path, before: await this.files.read(path), after: text }];
        const { check, tested } = await this.checks.examine(changes);
        if (check.problems.length > 0) throw refusalOf(check.problems);
        return { files: changes, tested };
      },
    });
    return true;
  }
}
