import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type ValueProvider,
} from '@nestjs/common';
import { Clock } from './clock.ts';
import { Settings } from './config/settings.ts';
import { Database } from './database/database.ts';
import { type Entities, openDatabase } from './database/open-database.ts';
import { EventBus } from './events/event-bus.ts';
import { Lifecycle } from './lifecycle/lifecycle.ts';
import { Log } from './logging/log.ts';
import { RedisConnection } from './redis/index.ts';
import { SecretBox } from './secrets/secret-box.ts';
import { TaskRegistry } from './tasks/task-registry.ts';
import { openTracing, Tracing } from './tracing/index.ts';

/** What the process was started with. */
export interface CoreOptions {
  readonly settings: Settings;
  readonly log: Log;
  readonly entities: Entities;
  readonly clock?: Clock | undefined;
  /** What a feature takes instead of its own, where it allows that. */
  readonly replacements?: readonly ValueProvider[] | undefined;
}

/**
 * What every feature may inject without importing anything: settings, log, clock, events, database, Redis, lifecycle, tasks, secrets, traces.
 */
@Global()
@Module({})
export class CoreModule implements OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Tracing) private readonly tracing: Tracing,
  ) {}

  /** Wires the core for one process. */
  static with({ settings, log, entities, clock, replacements = [] }: CoreOptions): DynamicModule {
    return {
      module: CoreModule,
      providers: [
        { provide: Settings, useValue: settings },
        { provide: Log, useValue: log },
        { provide: Clock, useValue: clock ?? new Clock() },
        EventBus,
        Lifecycle,
        RedisConnection,
        TaskRegistry,
        { provide: Tracing, useFactory: () => openTracing(settings, log) },
        { provide: SecretBox, useFactory: () => SecretBox.open(settings) },
        { provide: Database, useFactory: () => openDatabase(settings, entities) },
        ...replacements,
      ],
      exports: [
        Settings,
        Log,
        Clock,
        EventBus,
        Lifecycle,
        RedisConnection,
        TaskRegistry,
        Tracing,
        SecretBox,
        Database,
        ...replacements.map(({ provide }) => provide),
      ],
    };
  }

  /** The database closes last: features may still write while they stop. Then the last spans are sent. */
  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
    await this.tracing.close();
  }
}
