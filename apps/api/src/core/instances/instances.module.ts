import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings.ts';
import { Database } from '../database/database.ts';
import { RedisConnection } from '../redis/index.ts';
import { InstanceBus } from './instance-bus.ts';
import { InstanceTransport, NoTransport } from './instance-transport.ts';
import { installationId } from './installation-id.ts';
import { PostgresTransport } from './postgres-transport.ts';
import { RedisTransport } from './redis-transport.ts';

/** Redis when there is one, else the database itself, if several instances can share it. */
async function transportFor(
  settings: Settings,
  database: Database,
  redis: RedisConnection,
): Promise<InstanceTransport> {
  if (redis.isConfigured) return new RedisTransport(redis, await installationId(database));
  if (settings.databaseUrl !== undefined) return new PostgresTransport(settings.databaseUrl);
  return new NoTransport();
}

/** How the instances that share one database hear of each other. */
@Global()
@Module({
  providers: [
    { provide: InstanceTransport, useFactory: transportFor, inject: [Settings, Database, RedisConnection] },
    InstanceBus,
  ],
  exports: [InstanceBus],
})
export class InstancesModule {}
