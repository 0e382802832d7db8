import { Fail2banClient } from '@bangui/fail2ban';
import { Network } from '@bangui/ip';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { EventBus } from '../../../core/events/event-bus.ts';
import { asAppError, Fail2banProblem } from '../../../core/fail2ban/index.ts';
import { Log } from '../../../core/logging/log.ts';
import { logEvents } from '../../../core/logging/log-events.ts';
import { jailsProven, JailsService } from '../../jails/index.ts';
import { Fail2banWatcher, jailsCounted, serverChanged } from '../../server/index.ts';
import { Allowlist, allowlistChanged, AllowlistRepository } from '../index.ts';
import { type IgnoredByJail, type IgnoreProblem } from './entries.dto.ts';

/** Ignore lists are looked at this often, in milliseconds: nobody tells when fail2ban is reloaded beside us. */
const lookEveryMs = 5_000;
/** Limit for one question to fail2ban, in milliseconds. */
const questionMs = 2_500;

/** What is known of the ignore list of one jail. */
interface JailFinding {
  /** What it ignores, canonical. */
  readonly ignored: ReadonlySet<string>;
  /** What the configuration makes it ignore. */
  readonly configured: ReadonlySet<string>;
  /** What we could not take out. */
  readonly stillIgnored: readonly string[];
  /** Why the list is not as it should be; null when it is. */
  readonly reason: string | null;
}

/**
 * Keeps fail2ban's ignore lists as the allowlist wants them. fail2ban forgets what it was told at every reload and
 * restart, so the lists are compared whenever something happens and every few seconds. What BanGUI puts in is written
 * down before, so that it takes out only its own.
 */
@Injectable()
export class IgnoreLists implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly findings = new Map<string, JailFinding>();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private running: Promise<void> | undefined;
  private isWantedAgain = false;

  constructor(
    private readonly client: Fail2banClient,
    private readonly server: Fail2banWatcher,
    private readonly jails: JailsService,
    private readonly allowlist: Allowlist,
    private readonly repository: AllowlistRepository,
    private readonly events: EventBus,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.events.on(jailsCounted, ({ isNewGeneration, changed, gone }) => {
      for (const jail of gone) this.findings.delete(jail);
      if (isNewGeneration) this.findings.clear();
      if (isNewGeneration || [...changed.keys()].some((jail) => !this.findings.has(jail))) void this.apply();
    });
    this.events.on(serverChanged, ({ isOnline }) => {
      if (isOnline) void this.apply();
      else this.findings.clear();
    });
    this.events.on(jailsProven, () => void this.apply());
    this.events.on(allowlistChanged, () => void this.apply());
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.apply(), lookEveryMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Compares all lists and mends them; resolves when one whole round that began after this call is done. Never rejects. */
  apply(): Promise<void> {
    if (this.running) {
      // The round that runs may have looked already: another one follows it, and whoever asked waits for that one too.
      this.isWantedAgain = true;
      return this.running;
    }
    this.running = this.rounds().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** What each jail makes of an entry that is pushed. */
  jailsOf(address: string): IgnoredByJail[] {
    return [...this.server.jails.keys()].toSorted().map((jail) => {
      const finding = this.findings.get(jail);
      if (!finding) return { jail, state: 'pending', reason: null };
      if (finding.configured.has(address)) return { jail, state: 'configured', reason: null };
      if (finding.ignored.has(address)) return { jail, state: 'applied', reason: null };
      return finding.reason === null
        ? { jail, state: 'pending', reason: null }
        : { jail, state: 'failed', reason: finding.reason };
    });
  }

  /** Jails whose lists are not as they should be. */
  problems(): IgnoreProblem[] {
    return [...this.findings].flatMap(([jail, { reason, stillIgnored }]) =>
      reason === null ? [] : [{ jail, reason, stillIgnored: [...stillIgnored] }],
    );
  }

  private async rounds(): Promise<void> {
    do {
      this.isWantedAgain = false;
      try {
        await this.round();
      } catch (error) {
        // The database: without it nothing is known, so nothing is changed; the next round tries again.
        this.log.warn(logEvents.allowlistNotPushed, { error });
      }
    } while (this.isAgain());
  }

  private canAsk(): boolean {
    return !this.isStopped && this.server.state.isOnline;
  }

  /** A method, so that the loop sees what others change. */
  private isAgain(): boolean {
    return this.isWantedAgain && !this.isStopped;
  }

  private async round(): Promise<void> {
    if (!this.canAsk()) return;
    const wanted = new Map((await this.allowlist.pushedInForce()).map((network) => [network.toString(), network]));
    const pushes = await this.repository.pushes();
    this.allowlist.expectInJails(new Set([...wanted.keys(), ...[...pushes.values()].flatMap((some) => [...some])]));
    for (const [jail, addresses] of pushes) {
      // A jail that went away has lost what it was told.
      if (!this.server.jails.has(jail)) await this.repository.removePushes(jail, [...addresses]);
    }
    for (const jail of this.server.jails.keys()) {
      if (!this.canAsk()) return;
      await this.mend(jail, wanted, pushes.get(jail) ?? new Set());
    }
  }

  private async mend(jail: string, wanted: ReadonlyMap<string, Network>, ours: ReadonlySet<string>): Promise<void> {
    if (wanted.size === 0 && ours.size === 0) {
      this.findings.set(jail, { ignored: new Set(), configured: new Set(), stillIgnored: [], reason: null });
      return;
    }
    const configured = canonical(this.jails.configuredIgnoreList(jail));
    const before = this.findings.get(jail)?.reason ?? null;
    let ignored: ReadonlySet<string> = new Set();
    let reason: string | null = null;
    const obsolete = [...ours].filter((address) => !wanted.has(address));
    try {
      ignored = await this.read(jail);
      const missing = [...wanted].filter(([address]) => !ignored.has(address));
      if (missing.length > 0) {
        await this.repository.addPushes(
          jail,
          missing.map(([address]) => address),
        );
        await this.client.addIgnored(
          jail,
          missing.map(([, network]) => network),
          { timeoutMs: questionMs },
        );
      }
      await this.takeOut(jail, obsolete, ignored, configured);
      if (missing.length > 0 || obsolete.length > 0) ignored = await this.read(jail);
      if ([...wanted.keys()].some((address) => !ignored.has(address)))
        reason = 'fail2ban does not list what it was told.';
    } catch (error) {
      const failure = asAppError(error);
      // The jail went away or the server did: the next poll tells.
      if (failure instanceof Fail2banProblem) this.server.report(error);
      else this.log.warn(logEvents.allowlistNotPushed, { jail, error });
      reason = failure instanceof Fail2banProblem ? failure.message : 'BanGUI itself failed; its log has more.';
    }
    // Nothing is known of the jails of a server that is away, whatever was found out on the way.
    if (!this.server.state.isOnline) {
      this.findings.delete(jail);
      return;
    }
    const stillIgnored = obsolete.filter((address) => ignored.has(address) && !configured.has(address));
    this.findings.set(jail, { ignored, configured, stillIgnored, reason });
    if (reason !== null && reason !== before) this.log.warn(logEvents.allowlistNotPushed, { jail, reason });
  }

  /** What was taken out before one failed is remembered as such. */
  private async takeOut(
    jail: string,
    addresses: readonly string[],
    ignored: ReadonlySet<string>,
    configured: ReadonlySet<string>,
  ): Promise<void> {
    const done: string[] = [];
    try {
      for (const address of addresses) {
        if (!this.canAsk()) return;
        const network = Network.parse(address);
        // What the configuration wants ignored by now is no longer ours to remove.
        if (network && ignored.has(address) && !configured.has(address)) {
          await this.client.removeIgnored(jail, network, { timeoutMs: questionMs });
        }
        done.push(address);
      }
    } finally {
      if (done.length > 0) await this.repository.removePushes(jail, done);
    }
  }

  private async read(jail: string): Promise<Set<string>> {
    return canonical(await this.client.ignoreList(jail, { timeoutMs: questionMs }));
  }
}

/** fail2ban may hold host names too; they stay as they are. */
function canonical(list: readonly string[]): Set<string> {
  return new Set(list.map((text) => Network.parse(text)?.toString() ?? text));
}
