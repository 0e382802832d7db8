import { validate } from 'class-validator';
import { type Clock } from '../../core/clock.ts';
import { type Settings } from '../../core/config/settings.ts';
import { type Database } from '../../core/database/database.ts';
import { fieldProblems, InvalidRequest } from '../../core/http/validation.ts';
import { type Log } from '../../core/logging/log.ts';
import { type AuditActor, type AuditTrail } from '../audit/index.ts';
import { FirstAdministrator, NewAdministrator, Passwords, UsersRepository } from '../auth/index.ts';
import { SetupCode } from './setup-code.ts';
import { SetupCodeRepository } from './setup-code.repository.ts';
import { SetupDone } from './setup.errors.ts';

/** Makes the first administrator for whoever may write the database: no one-time code is asked for. */
export class SetupByCommand {
  private readonly users: UsersRepository;
  private readonly passwords = new Passwords();
  private readonly administrator: FirstAdministrator;
  private readonly code: SetupCode;

  constructor(database: Database, settings: Settings, clock: Clock, audit: AuditTrail, log: Log) {
    this.users = new UsersRepository(database, clock);
    this.administrator = new FirstAdministrator(this.users, this.passwords, database, audit);
    this.code = new SetupCode(new SetupCodeRepository(database, clock), settings, log);
  }

  /** Makes it, and the one-time codes worthless. @throws {SetupDone | InvalidRequest | PasswordRefused} */
  async complete(actor: AuditActor, username: string, password: string): Promise<void> {
    if (!(await this.users.isEmpty())) throw new SetupDone();
    const wanted = Object.assign(new NewAdministrator(), { username, password });
    const problems = fieldProblems(await validate(wanted));
    if (problems.length > 0) throw new InvalidRequest(problems);
    if (!(await this.administrator.add(actor, wanted))) throw new SetupDone();
    await this.code.forget();
  }

  /** Ends the thread that hashes. */
  close(): Promise<void> {
    return this.passwords.onModuleDestroy();
  }
}
