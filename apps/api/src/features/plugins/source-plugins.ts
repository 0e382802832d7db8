import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { EventBus } from '../../core/events/event-bus.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { describeInTree } from './describe-in-tree.ts';
import { findInTree, type FoundPlugin, inTreeFolder } from './find-plugins.ts';
import { type HostedSource, type SourceLocation } from './hosted-source.ts';
import { type SourceDescription } from './hosting/describe-source.ts';
import { InProcessSource } from './hosting/in-process-source.ts';
import { type PluginInfo, pluginsChanged } from './plugin-info.ts';

/** Where plugins are looked for; another place in tests. */
export class PluginPlaces {
  readonly inTree: string = inTreeFolder;
}

interface Available {
  readonly source: HostedSource;
  readonly location: SourceLocation;
}

/** The plugins that there are. They are found while the API is up already, so that none of them can hold it up. */
@Injectable()
export class SourcePlugins implements OnApplicationBootstrap {
  private infos: readonly PluginInfo[] = [];
  private available: ReadonlyMap<string, Available> = new Map();
  private scan: Promise<void> = Promise.resolve();

  constructor(
    private readonly events: EventBus,
    private readonly log: Log,
    private readonly places: PluginPlaces,
  ) {}

  onApplicationBootstrap(): void {
    void this.rescan();
  }

  /** Every plugin that was found, by id; the ones that come with BanGUI first. */
  all(): readonly PluginInfo[] {
    return this.infos;
  }

  /** The source with this id, if it is available. */
  source(id: string): HostedSource | undefined {
    return this.available.get(id)?.source;
  }

  /** Where its code is, for a worker thread to open. */
  location(id: string): SourceLocation | undefined {
    return this.available.get(id)?.location;
  }

  /** Looks again; resolves when every plugin is available or refused. Never rejects. */
  rescan(): Promise<void> {
    this.scan = this.scan
      .then(() => this.look())
      .catch((error: unknown) => this.log.error(logEvents.pluginsNotRead, { error }));
    return this.scan;
  }

  /** Resolves when the look that is under way is over. */
  settled(): Promise<void> {
    return this.scan;
  }

  private async look(): Promise<void> {
    const found = await findInTree(this.places.inTree);
    const sound = found.filter(({ manifest }) => manifest !== undefined);
    const answers = await describeInTree(sound.map(({ entry }) => entry));
    const available = new Map<string, Available>();
    const infos = found.map((plugin) => {
      const answer = answers[sound.indexOf(plugin)];
      if (!plugin.manifest || !answer) return infoOf(plugin, plugin.problems, null);
      if (answer.problem !== undefined) return infoOf(plugin, [answer.problem], null);
      const { description } = answer;
      const { directory, entry, trust } = plugin;
      const { id } = plugin.manifest;
      available.set(id, {
        source: new InProcessSource(entry, description),
        location: { id, trust, directory, entry, description },
      });
      return infoOf(plugin, [], description);
    });
    this.infos = infos;
    this.available = available;
    this.events.emit(pluginsChanged, undefined);
  }
}

function infoOf(
  { manifest, directory, packageName, version, trust }: FoundPlugin,
  reasons: readonly string[],
  description: SourceDescription | null,
): PluginInfo {
  return {
    id: manifest?.id ?? directory.split('/').at(-1) ?? directory,
    packageName,
    version,
    state: description === null ? 'refused' : 'available',
    reasons,
    trust,
    hosts: manifest?.hosts ?? null,
    checksum: null,
    description,
  };
}
