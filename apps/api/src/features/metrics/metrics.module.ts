import { Module } from '@nestjs/common';
import { BlocklistsModule } from '../blocklists/index.ts';
import { EnforcementModule } from '../enforcement/index.ts';
import { JailsModule } from '../jails/index.ts';
import { LiveModule } from '../live/index.ts';
import { SchedulerModule } from '../scheduler/index.ts';
import { ServerModule } from '../server/index.ts';
import { TokensModule } from '../tokens/index.ts';
import { BanguiMetrics } from './bangui-metrics.ts';
import { Fail2banMetrics } from './fail2ban-metrics.ts';
import { HttpMetrics } from './http-metrics.ts';
import { MetricsController } from './metrics.controller.ts';
import { MetricsRegistry } from './metrics-registry.ts';

/** Metrics for Prometheus. */
@Module({
  imports: [BlocklistsModule, EnforcementModule, JailsModule, LiveModule, SchedulerModule, ServerModule, TokensModule],
  controllers: [MetricsController],
  providers: [BanguiMetrics, Fail2banMetrics, HttpMetrics, MetricsRegistry],
})
export class MetricsModule {}
