import { Fail2banClient } from '@bangui/fail2ban';
import { type Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { type FieldProblem } from '../../core/http/app-error.ts';
import { type Requester } from '../../core/http/requester.ts';
import { type Operation } from '../../core/operations/index.ts';
import { Fail2banWatcher, ServerChanges } from '../server/index.ts';
import { type InputLine, networksOf, readLines } from './address-input.ts';
import { type BanPreview, type BanPreviewItem, type BanPreviewRequest, type BanRequest } from './bans.dto.ts';
import { type UnbanAllRequest, type UnbanRequest } from './bans.dto.ts';
import { LockoutRefused } from './bans.errors.ts';
import { BanIntents, type Intent } from './ban-intents.ts';
import { BansSnapshot } from './bans-snapshot.ts';
import { BansWatcher } from './bans-watcher.ts';
import { type GuardCheck, LockoutGuard } from './lockout-guard.ts';

/** A requester with the address of the immediate peer. */
export interface ConnectedRequester extends Requester {
  readonly peer: string | undefined;
}

/** Bans and unbans, with the guard before and the read-back after. */
@Injectable()
export class BansService {
  constructor(
    private readonly client: Fail2banClient,
    private readonly server: Fail2banWatcher,
    private readonly snapshot: BansSnapshot,
    private readonly watcher: BansWatcher,
    private readonly guard: LockoutGuard,
    private readonly changes: ServerChanges,
    private readonly intents: BanIntents,
  ) {}

  /** Says what banning would do. @throws {JailUnknown} */
  async preview({ jail, addresses }: BanPreviewRequest, requester: ConnectedRequester): Promise<BanPreview> {
    this.server.requireJail(jail);
    const lines = readLines(addresses);
    const check = await this.guard.checkFor(requester);
    const duration = await this.client.get(jail, 'bantime');
    const known = this.snapshot.ofJail(jail);
    return { jail, duration, items: lines.map((line) => previewOf(line, check, known)) };
  }

  /** Bans all of them or, when the guard refuses one, none. The outcome is what fail2ban reported and then has. */
  ban({ jail, addresses, reason }: BanRequest, requester: ConnectedRequester): Promise<Operation> {
    return this.changes.operate({
      kind: 'ban',
      action: 'ban.create',
      subject: jail,
      requester,
      detail: { addresses, ...(reason !== undefined && { reason }) },
      check: async () => {
        this.server.requireJail(jail);
        const lines = readLines(addresses);
        const networks = networksOf(lines);
        refuseGuarded(lines, await this.guard.checkFor(requester));
        return networks;
      },
      work: async (networks, progress) => {
        const intent = { kind: 'ban', jail, networks, actor: requester.username, reason: reason ?? null } as const;
        const banned = await this.intents.during(intent, () =>
          this.client.ban(jail, networks, { onProgress: progress }),
        );
        await this.watcher.refresh([jail]);
        const now = this.snapshot.ofJail(jail);
        const texts = networks.map(String);
        const inForce = texts.filter((text) => now.has(text));
        return {
          outcome: {
            requested: networks.length,
            banned,
            alreadyBanned: Math.max(0, inForce.length - banned),
            addresses: inForce,
            missing: texts.filter((text) => !now.has(text)),
          },
        };
      },
    });
  }

  /** Lifts the bans of these addresses, and every ban inside of these networks. */
  unban({ addresses, jail }: UnbanRequest, requester: Requester): Promise<Operation> {
    return this.changes.operate({
      kind: 'unban',
      action: 'ban.delete',
      subject: jail ?? null,
      requester,
      detail: { addresses },
      check: () => {
        if (jail !== undefined) this.server.requireJail(jail);
        return networksOf(readLines(addresses));
      },
      work: async (networks, progress) => {
        const jails = jail === undefined ? this.jailsWith(networks) : [jail];
        const unbanned = await this.intents.during(unbanIntent(jail, networks, requester), () =>
          this.client.unban(jail, networks, { onProgress: progress }),
        );
        await this.watcher.refresh(jails);
        const stillBanned = networks
          .map(String)
          .filter((text) => jails.some((name) => this.snapshot.ofJail(name).has(text)));
        return { outcome: { requested: networks.length, unbanned, stillBanned } };
      },
    });
  }

  /** Lifts every ban, of one jail or of all. */
  unbanAll({ jail }: UnbanAllRequest, requester: Requester): Promise<Operation> {
    return this.changes.operate({
      kind: 'unban-all',
      action: 'ban.delete-all',
      subject: jail ?? null,
      requester,
      check: () => {
        if (jail !== undefined) this.server.requireJail(jail);
        else this.server.requireOnline();
      },
      work: async (_checked, progress) => {
        const jails = jail === undefined ? [...this.server.jails.keys()] : [jail];
        const count = (): number => jails.reduce((sum, name) => sum + this.snapshot.ofJail(name).size, 0);
        const before = { bans: count() };
        const unbanned = await this.intents.during(unbanIntent(jail, null, requester), () =>
          jail === undefined ? this.client.unbanAll() : this.client.unbanJail(jail, { onProgress: progress }),
        );
        await this.watcher.refresh(jails);
        return { outcome: { unbanned }, before, after: { bans: count() } };
      },
    });
  }

  /** Jails whose list an unban in all jails may change; reading the others again would cost for nothing. */
  private jailsWith(networks: readonly Network[]): string[] {
    const names = [...this.server.jails.keys()];
    // A network lifts the bans of all addresses in it.
    if (!networks.every(({ isAddress }) => isAddress)) return names;
    return names.filter((name) => networks.some((network) => this.snapshot.ofJail(name).has(network.toString())));
  }
}

/** @param networks null for every ban */
function unbanIntent(jail: string | undefined, networks: readonly Network[] | null, { username }: Requester): Intent {
  return { kind: 'unban', jail: jail ?? null, networks, actor: username, reason: null };
}

function previewOf(
  { input, networks }: InputLine,
  check: GuardCheck,
  known: ReadonlyMap<string, unknown>,
): BanPreviewItem {
  if (networks.length === 0) {
    const reason = 'is neither an address nor a network.';
    return { input, address: null, outcome: 'invalid', reason, reasonCode: 'address-invalid' };
  }
  const address = networks.map(String).join(', ');
  const guarded = firstGuarded(networks, check);
  if (guarded) return { input, address, outcome: 'guarded', reason: guarded.reason, reasonCode: guarded.code };
  const isKnown = networks.every((network) => known.has(network.toString()));
  return { input, address, outcome: isKnown ? 'already-banned' : 'will-ban' };
}

function firstGuarded(networks: readonly Network[], check: GuardCheck): ReturnType<GuardCheck> {
  for (const network of networks) {
    const guarded = check(network);
    if (guarded) return guarded;
  }
  return undefined;
}

function refuseGuarded(lines: readonly InputLine[], check: GuardCheck): void {
  const refused = lines.flatMap(({ input, networks }, index): FieldProblem[] => {
    const guarded = firstGuarded(networks, check);
    if (!guarded) return [];
    const value = input.trim();
    const message = `${value} ${guarded.reason}`;
    return [{ field: `addresses.${index}`, message, code: guarded.code, params: { value } }];
  });
  if (refused.length > 0) throw new LockoutRefused(refused);
}
