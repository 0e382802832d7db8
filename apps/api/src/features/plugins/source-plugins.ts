import { resolve } from 'node:path';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  Optional,
} from '@nestjs/common';
import { Settings } from '../../core/config/settings.ts';
import { defineTopic, InstanceBus } from '../../core/instances/index.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { describeForeignPlugin } from './describe-foreign-plugin.ts';
import { describeInTree } from './describe-in-tree.ts';
import { findForeign } from './find-foreign.ts';
import { findInTree, type FoundPlugin, inTreeFolder } from './find-plugins.ts';
import { type HostedSource, type SourceLocation } from './hosted-source.ts';
import { type SourceDescription } from './hosting/describe-source.ts';
import { type Confined, confinement, sourceAt } from './hosting/index.ts';
import { foundInfo, mismatch, type PluginInfo } from './plugin-info.ts';
import { type PluginsLock, readLock } from './plugins-lock.ts';

/** Where the plugins that come with BanGUI are; another place in tests. */
export class PluginPlaces {
  readonly inTree: string = inTreeFolder;
}

interface Available {
  readonly source: HostedSource;
  readonly location: SourceLocation;
}

/** Somebody added or removed plugins, and every instance shall look. */
const pluginsRescan = defineTopic('plugins-rescan', () => true);

/** The plugins that there are. They are found while the API is up already, so that none of them can hold it up. */
@Injectable()
export class SourcePlugins implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private infos: readonly PluginInfo[] = [];
  private available: ReadonlyMap<string, Available> = new Map();
  private scan: Promise<void> = Promise.resolve();
  /** Looks under way and waiting. */
  private looks = 0;
  private readonly stopping = new AbortController();

  constructor(
    private readonly settings: Settings,
    private readonly bus: InstanceBus,
    private readonly log: Log,
    @Optional() @Inject(PluginPlaces) private readonly places = new PluginPlaces(),
  ) {}

  onApplicationBootstrap(): void {
    void this.lookAgain();
    // A request to look that is lost costs a click: the list shows what this instance has found.
    this.bus.on(pluginsRescan, { take: () => void this.lookAgain(), readAgain: () => undefined });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.scan;
  }

  /** Every plugin that was found: the ones that come with BanGUI first, then by folder. */
  all(): readonly PluginInfo[] {
    return this.infos;
  }

  /** Whether they are being looked at: what {@link all} tells may be of the look before. */
  get isLooking(): boolean {
    return this.looks > 0;
  }

  /** The source with this id, if it is available. */
  source(id: string): HostedSource | undefined {
    return this.available.get(id)?.source;
  }

  /** Where its code is, for a worker thread to open. */
  location(id: string): SourceLocation | undefined {
    return this.available.get(id)?.location;
  }

  /** Has every instance look again; resolves when every plugin here is available or refused. Never rejects. */
  rescan(): Promise<void> {
    this.bus.publish(pluginsRescan, true);
    return this.lookAgain();
  }

  /** Resolves when the look that is under way is over. */
  settled(): Promise<void> {
    return this.scan;
  }

  private lookAgain(): Promise<void> {
    this.looks += 1;
    this.scan = this.scan
      .then(() => this.look())
      .catch((error: unknown) => this.log.error(logEvents.pluginsNotRead, { error }))
      .finally(() => (this.looks -= 1));
    return this.scan;
  }

  private async look(): Promise<void> {
    const { signal } = this.stopping;
    const round = new Round();
    const inTree = await findInTree(this.places.inTree);
    const answers = await describeInTree(
      inTree.filter(({ manifest }) => manifest).map(({ entry }) => entry),
      { signal },
    );
    if (signal.aborted) return;
    for (const plugin of inTree) {
      const info = round.find(plugin, 'permission');
      const answer = plugin.manifest && answers.shift();
      if (!plugin.manifest || !answer) continue;
      if (answer.problem !== undefined) round.refuse(plugin, info, answer.problem);
      else round.accept(plugin, info, { id: plugin.manifest.id, ...placeOf(plugin) }, answer.description);
    }
    this.publish(round);
    await this.lookAtForeign(round);
  }

  /** One after the other: each is a process. */
  private async lookAtForeign(round: Round): Promise<void> {
    const folder = resolve(this.settings.pluginsDir);
    const found = await findForeign(folder);
    if (found.length === 0) return;
    const { confined } = await confinement();
    let lock: PluginsLock = {};
    let lockProblem: string | undefined;
    try {
      lock = await readLock(folder);
    } catch (error) {
      // Whoever can write there can break it: then nothing of it is let in, and the reason is shown.
      lockProblem = error instanceof Error ? error.message : String(error);
    }
    const infos = found.map((plugin) => [plugin, round.find(plugin, confined)] as const);
    this.publish(round);
    for (const [plugin, info] of infos) {
      if (this.stopping.signal.aborted) return;
      if (!plugin.manifest) continue;
      if (lockProblem !== undefined) round.refuse(plugin, info, lockProblem);
      else if (round.has(info.id)) round.refuse(plugin, info, twin(info.id));
      else {
        const checked = await describeForeignPlugin(plugin, lock);
        const summed = { ...info, checksum: checked.checksum };
        if ('problem' in checked) round.refuse(plugin, summed, checked.problem);
        else round.accept(plugin, summed, checked.location, checked.description);
      }
      this.publish(round);
    }
  }

  private publish(round: Round): void {
    this.infos = round.infos;
    this.available = new Map(round.available);
    for (const { id, packageName, reasons } of round.takeRefused()) {
      this.log.warn(logEvents.pluginRefused, { plugin: id, package: packageName, reasons });
    }
  }
}

/** What one look has found so far. */
class Round {
  readonly available = new Map<string, Available>();
  private readonly known = new Map<FoundPlugin, PluginInfo>();
  private refused: PluginInfo[] = [];

  get infos(): readonly PluginInfo[] {
    return [...this.known.values()];
  }

  has(id: string): boolean {
    return this.available.has(id);
  }

  /** A plugin of which only the manifest was read. */
  find(plugin: FoundPlugin, confined: Confined): PluginInfo {
    const info = foundInfo(plugin, confined);
    this.note(plugin, info);
    return info;
  }

  refuse(plugin: FoundPlugin, info: PluginInfo, reason: string): void {
    this.note(plugin, { ...info, state: 'refused', reasons: [reason] });
  }

  accept(plugin: FoundPlugin, info: PluginInfo, place: SourceLocation, description: SourceDescription): void {
    const problem =
      (plugin.manifest && mismatch(plugin.manifest, description)) ?? (this.has(info.id) ? twin(info.id) : undefined);
    if (problem !== undefined) {
      this.refuse(plugin, info, problem);
      return;
    }
    const location = { ...place, description };
    this.available.set(info.id, { location, source: sourceAt(location, description) });
    this.note(plugin, { ...info, state: 'available', description });
  }

  /** Each is told once. */
  takeRefused(): readonly PluginInfo[] {
    return this.refused.splice(0);
  }

  private note(plugin: FoundPlugin, info: PluginInfo): void {
    this.known.set(plugin, info);
    if (info.state === 'refused') this.refused.push(info);
  }
}

function twin(id: string): string {
  return `There is another source with the id ${id}.`;
}

function placeOf({ trust, directory, entry }: FoundPlugin): Omit<SourceLocation, 'id'> {
  return { trust, directory, entry };
}
