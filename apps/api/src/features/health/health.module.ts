import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { SchedulerModule } from '../scheduler/index.ts';
import { HealthController } from './health.controller.ts';
import { HealthIndicators } from './health.indicators.ts';

/** What container platforms ask. */
@Module({
  // A container asks every few seconds; its findings are the answer, not a log line each.
  imports: [TerminusModule.forRoot({ logger: false }), SchedulerModule],
  controllers: [HealthController],
  providers: [HealthIndicators],
})
export class HealthModule {}
