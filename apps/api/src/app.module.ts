import { type DynamicModule, Module } from '@nestjs/common';
import { CoreModule, type CoreOptions } from './core/core.module.ts';
import { Fail2banModule } from './core/fail2ban/index.ts';
import { InstallationEntity, InstancesModule } from './core/instances/index.ts';
import { OperationEntity, OperationsModule } from './core/operations/index.ts';
import { AllowlistEntryEntity, AllowlistModule, AllowlistPushEntity } from './features/allowlist/index.ts';
import { AllowlistEntriesModule } from './features/allowlist/entries/index.ts';
import { AuditEventEntity, AuditModule } from './features/audit/index.ts';
import { AuthModule, SessionEntity, SignInCountEntity, UserEntity } from './features/auth/index.ts';
import { BansModule, IntentEntity } from './features/bans/index.ts';
import { BlocklistsModule, blocklistTables } from './features/blocklists/index.ts';
import { ConfigurationModule, configurationTables } from './features/configuration/index.ts';
import { DashboardModule } from './features/dashboard/index.ts';
import { EnforcementModule, EnforcementPolicyEntity, EnforcementStateEntity } from './features/enforcement/index.ts';
import { GeoCacheEntity, GeoModule } from './features/geo/index.ts';
import { HealthModule } from './features/health/index.ts';
import { HistoryModule, historyTables } from './features/history/index.ts';
import { HistorySyncModule, LastBanEntity, SyncStateEntity } from './features/history/sync/index.ts';
import { JailEntity, JailsModule } from './features/jails/index.ts';
import { LiveModule } from './features/live/index.ts';
import { RegexLabModule } from './features/regex-lab/index.ts';
import { SchedulerModule, TaskEntity, TaskRunEntity } from './features/scheduler/index.ts';
import { LogsModule } from './features/logs/index.ts';
import { PluginsModule } from './features/plugins/index.ts';
import { MetricsModule } from './features/metrics/index.ts';
import { ServerControlModule } from './features/server/control/index.ts';
import { ServerModule } from './features/server/index.ts';
import { SeenHereModule } from './features/seen-here/index.ts';
import { SetupCodeEntity, SetupModule } from './features/setup/index.ts';
import { ApiTokenEntity, TokensModule } from './features/tokens/index.ts';

/** Classes of all tables' rows. */
export const entities = [
  UserEntity,
  SessionEntity,
  AuditEventEntity,
  GeoCacheEntity,
  JailEntity,
  ...historyTables,
  IntentEntity,
  LastBanEntity,
  SyncStateEntity,
  InstallationEntity,
  OperationEntity,
  SignInCountEntity,
  SetupCodeEntity,
  TaskEntity,
  TaskRunEntity,
  AllowlistEntryEntity,
  AllowlistPushEntity,
  ApiTokenEntity,
  EnforcementPolicyEntity,
  EnforcementStateEntity,
  ...blocklistTables,
  ...configurationTables,
];

/** The list of features. */
@Module({
  imports: [
    InstancesModule,
    Fail2banModule,
    OperationsModule,
    AuthModule,
    AuditModule,
    HealthModule,
    SetupModule,
    ServerModule,
    BansModule,
    JailsModule,
    ServerControlModule,
    RegexLabModule,
    LogsModule,
    HistoryModule,
    HistorySyncModule,
    DashboardModule,
    GeoModule,
    SchedulerModule,
    LiveModule,
    AllowlistModule,
    AllowlistEntriesModule,
    SeenHereModule,
    TokensModule,
    BlocklistsModule,
    PluginsModule,
    EnforcementModule,
    ConfigurationModule,
    MetricsModule,
  ],
})
export class AppModule {
  static with(options: Omit<CoreOptions, 'entities'>): DynamicModule {
    return { module: AppModule, imports: [CoreModule.with({ ...options, entities })] };
  }
}
