import { type ConfiguredJail } from '@bangui/fail2ban-config';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { defineEvent, EventBus } from '../../core/events/event-bus.ts';
import { BansSnapshot } from '../bans/index.ts';
import { Fail2banWatcher, jailsCounted, JailUnknown, serverChanged } from '../server/index.ts';
import { ConfiguredJails } from './configured-jails.ts';
import { IdleJails } from './idle-jails.ts';
import { JailColours } from './jail-colours.ts';
import { isSystemd, parametersOf } from './jail-proof.ts';
import { JailProver, jailsProven } from './jail-prover.ts';
import { type JailDetail, type JailList, type JailSummary, type LogSource } from './jails.dto.ts';
import { journalTexts, type LiveJail } from './live-jail.ts';

/** Jails as lists show them now. */
export interface JailsChanged {
  readonly items: readonly JailSummary[];
  /** Neither the server nor the configuration has these any more. */
  readonly removed: readonly string[];
}

/** Figures, state or proof of jails changed. */
export const jailsChanged = defineEvent<JailsChanged>('jails-changed');

/** Limit for the questions of one detail page, in milliseconds. */
const detailMs = 5_000;

/** Every jail, from memory where possible: what the server has and what the configuration enables. */
@Injectable()
export class JailsService implements OnModuleInit {
  constructor(
    private readonly server: Fail2banWatcher,
    private readonly configuration: ConfiguredJails,
    private readonly prover: JailProver,
    private readonly idle: IdleJails,
    private readonly bans: BansSnapshot,
    private readonly colours: JailColours,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.events.on(jailsCounted, ({ changed, gone }) => this.tell([...changed.keys(), ...gone]));
    this.events.on(jailsProven, (names) => this.tell(names));
    // Without a server nothing is armed.
    this.events.on(serverChanged, () => this.tell(this.names()));
  }

  /** All jails by name. Never waits for fail2ban. */
  list(): JailList {
    return { items: this.names().map((name) => this.summary(name)) };
  }

  /**
   * Everything about one jail, read from fail2ban now.
   * @throws {JailUnknown | Fail2banProblem} the latter with `fail2ban-offline` when there is nobody to ask
   */
  async detail(name: string): Promise<JailDetail> {
    this.server.requireOnline();
    const configured = this.configuration.state.jails.get(name);
    if (!this.server.jails.has(name)) {
      if (!this.configuration.state.names.has(name)) {
        this.server.requireJail(name);
        throw new JailUnknown(name);
      }
      return { ...this.summary(name), ...configuredParts(configured), proof: null };
    }
    await this.prover.prove(name, { timeoutMs: detailMs, signal: AbortSignal.timeout(detailMs) });
    const finding = this.prover.finding(name);
    if (!finding) throw new JailUnknown(name);
    const { live, proof } = finding;
    return {
      ...this.summary(name),
      ...liveParts(live),
      parameters: parametersOf(configured, live),
      proof: proof ?? null,
    };
  }

  /** Times in seconds and limit of each jail that was read back, by name, as the server has them. */
  limits(): ReadonlyMap<string, { readonly banTime: number; readonly findTime: number; readonly maxRetry: number }> {
    const limits = new Map<string, { banTime: number; findTime: number; maxRetry: number }>();
    for (const name of this.server.jails.keys()) {
      const parameters = this.prover.finding(name)?.live.parameters;
      if (!parameters) continue;
      const number = (parameter: string): number => Number(parameters.get(parameter));
      limits.set(name, { banTime: number('bantime'), findTime: number('findtime'), maxRetry: number('maxretry') });
    }
    return limits;
  }

  /** What the configuration makes a jail ignore; empty when it is not known. */
  configuredIgnoreList(name: string): readonly string[] {
    return this.configuration.state.jails.get(name)?.ignoreList ?? [];
  }

  /** Log files that jails read, as the configuration or the server names them, with these jails. By path. */
  logFiles(): ReadonlyMap<string, readonly string[]> {
    const files = new Map<string, string[]>();
    for (const name of this.names()) {
      const configured = this.configuration.state.jails.get(name)?.logPaths ?? [];
      const live = this.server.jails.has(name) ? (this.prover.finding(name)?.live.logPaths ?? []) : [];
      for (const path of new Set([...configured, ...live])) files.set(path, [...(files.get(path) ?? []), name]);
    }
    return new Map([...files].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** Whether the server or the configuration has it. */
  has(name: string): boolean {
    return this.server.jails.has(name) || this.configuration.state.names.has(name);
  }

  /** Tells everybody how these jails are now. */
  tell(names: readonly string[]): void {
    if (names.length === 0) return;
    void this.colours.handOut(this.names());
    const [present, removed] = [names.filter((name) => this.has(name)), names.filter((name) => !this.has(name))];
    this.events.emit(jailsChanged, { items: present.map((name) => this.summary(name)), removed });
  }

  private names(): string[] {
    const names = new Set([...this.server.jails.keys(), ...this.configuration.state.names]);
    return [...names].sort();
  }

  private summary(name: string): JailSummary {
    const live = this.server.jails.get(name);
    const configured = this.configuration.state.jails.get(name);
    return {
      name,
      state: live ? (this.idle.has(name) ? 'idle' : 'running') : 'stopped',
      armed: this.prover.armed(name),
      currentlyFailed: live?.currentlyFailed ?? 0,
      totalFailed: live?.totalFailed ?? 0,
      currentlyBanned: live?.currentlyBanned ?? 0,
      totalBanned: live?.totalBanned ?? 0,
      filter: configured?.filter ?? null,
      backend: configured?.backend ?? null,
      source: sourceOf(configured, this.prover.finding(name)?.live),
      colour: this.colours.of(name),
      lastBanAt: this.bans.newestOf(name) ?? null,
      inConfiguration: this.configuration.state.names.has(name),
    };
  }
}

function sourceOf(configured: ConfiguredJail | undefined, live: LiveJail | undefined): LogSource {
  const { logPaths, journalMatches } = live ?? configured ?? { logPaths: [], journalMatches: [] };
  if (logPaths.length > 0) return 'log';
  const isJournal = journalMatches.length > 0 || (configured?.filter && isSystemd(configured.backend));
  return isJournal ? 'journal' : 'none';
}

type Parts = Omit<JailDetail, keyof JailSummary | 'proof'>;

/** What the configuration means for a jail that the server does not have; nothing for one with a fault. */
function configuredParts(configured: ConfiguredJail | undefined): Parts {
  return {
    parameters: [],
    logPaths: [...(configured?.logPaths ?? [])],
    journalMatches: journalTexts(configured?.journalMatches ?? []),
    actions: [...(configured?.actions ?? [])],
    failRegexes: [...(configured?.failRegexes ?? [])],
    ignoreRegexes: [...(configured?.ignoreRegexes ?? [])],
    ignoreList: [...(configured?.ignoreList ?? [])],
    ignoreSelf: configured?.ignoreSelf ?? false,
  };
}

function liveParts(live: LiveJail): Omit<Parts, 'parameters'> {
  return {
    logPaths: [...live.logPaths],
    journalMatches: [...live.journalMatches],
    actions: [...live.actions],
    failRegexes: [...live.failRegexes],
    ignoreRegexes: [...live.ignoreRegexes],
    ignoreList: [...live.ignoreList],
    ignoreSelf: live.ignoreSelf,
  };
}
