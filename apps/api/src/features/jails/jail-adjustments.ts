import { BadArgument, Fail2banClient, parseDuration } from '@bangui/fail2ban';
import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { AppError, type FieldProblem } from '../../core/http/app-error.ts';
import { type Requester } from '../../core/http/requester.ts';
import { Fail2banWatcher, ServerChanges } from '../server/index.ts';
import { type JailDetail, type JailParametersChange } from './jails.dto.ts';
import { JailsService } from './jails.service.ts';

/** A value is not of its type. Nothing was sent to fail2ban. */
export class ParameterInvalid extends AppError {
  readonly code = 'parameter-invalid';
  readonly status = 422;
  constructor(problem: FieldProblem, cause?: unknown) {
    super('A value is not possible. Nothing was changed.', { errors: [problem], cause });
  }
}

/** Changes of a running jail that work at once and are lost when it is loaded again. */
@Injectable()
export class JailAdjustments {
  constructor(
    private readonly client: Fail2banClient,
    private readonly server: Fail2banWatcher,
    private readonly jails: JailsService,
    private readonly changes: ServerChanges,
  ) {}

  /** Sets parameters. @throws {ParameterInvalid} before anything is sent */
  async changeParameters(name: string, change: JailParametersChange, requester: Requester): Promise<JailDetail> {
    const detail = { bantime: change.bantime, findtime: change.findtime, maxretry: change.maxretry };
    return this.adjust({ action: 'jail.parameters', name, requester, detail }, async () => {
      const bantime = duration('bantime', change.bantime);
      const findtime = duration('findtime', change.findtime);
      if (findtime !== undefined && findtime < 1) {
        const message = 'must be at least one second';
        throw new ParameterInvalid({ field: 'findtime', message, code: 'findtime-too-short' });
      }
      if (bantime === 0) {
        const message = 'must be at least one second, or -1 for ever';
        throw new ParameterInvalid({ field: 'bantime', message, code: 'bantime-too-short' });
      }
      this.server.requireJail(name);
      const before = await this.parameters(name);
      if (bantime !== undefined) await this.client.set(name, 'bantime', bantime);
      if (findtime !== undefined) await this.client.set(name, 'findtime', findtime);
      if (change.maxretry !== undefined) await this.client.set(name, 'maxretry', change.maxretry);
      return { before, after: await this.parameters(name) };
    });
  }

  /** Adds to the ignore list. */
  addIgnored(name: string, address: string, requester: Requester): Promise<JailDetail> {
    return this.adjust({ action: 'jail.ignore', name, requester, detail: { address } }, async () => {
      const network = ignored(address);
      this.server.requireJail(name);
      const before = { ignoreList: await this.client.ignoreList(name) };
      await this.client.addIgnored(name, [network]);
      return { before, after: { ignoreList: await this.client.ignoreList(name) } };
    });
  }

  /** Removes from the ignore list. */
  removeIgnored(name: string, address: string, requester: Requester): Promise<JailDetail> {
    return this.adjust({ action: 'jail.unignore', name, requester, detail: { address } }, async () => {
      const network = ignored(address);
      this.server.requireJail(name);
      const before = { ignoreList: await this.client.ignoreList(name) };
      await this.client.removeIgnored(name, network);
      return { before, after: { ignoreList: await this.client.ignoreList(name) } };
    });
  }

  private async adjust(
    change: { action: string; name: string; requester: Requester; detail: Record<string, unknown> },
    work: () => Promise<{ before: Record<string, unknown>; after: Record<string, unknown> }>,
  ): Promise<JailDetail> {
    const { action, name, requester, detail } = change;
    await this.changes.carryOut({ action, subject: name, requester, detail }, async () => ({
      outcome: { lostAtReload: true },
      ...(await work()),
    }));
    return this.jails.detail(name);
  }

  private async parameters(name: string): Promise<Record<string, unknown>> {
    const [bantime, findtime, maxretry] = await Promise.all([
      this.client.get(name, 'bantime'),
      this.client.get(name, 'findtime'),
      this.client.get(name, 'maxretry'),
    ]);
    return { bantime, findtime, maxretry };
  }
}

function duration(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return parseDuration(text);
  } catch (error) {
    // fail2ban would evaluate this text as a Python program; it never gets there.
    if (!(error instanceof BadArgument)) throw error;
    const message = error.message.replace(/^duration: /, '');
    throw new ParameterInvalid({ field, message, code: 'duration-invalid' }, error);
  }
}

function ignored(address: string): Network {
  const network = Network.parseLoose(address);
  if (!network) {
    const message = 'is neither an address nor a network';
    throw new ParameterInvalid({ field: 'address', message, code: 'address-invalid' });
  }
  return network;
}
