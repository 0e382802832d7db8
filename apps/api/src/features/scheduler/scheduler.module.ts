import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Settings } from '../../core/config/settings.ts';
import { Database } from '../../core/database/database.ts';
import { Lifecycle } from '../../core/lifecycle/lifecycle.ts';
import { Log } from '../../core/logging/log.ts';
import { AuditModule } from '../audit/index.ts';
import { LockHolder } from './lock-holder.ts';
import { TaskRequests } from './task-requests.ts';
import { TaskRunner } from './task-runner.ts';
import { TasksController } from './tasks.controller.ts';
import { TasksFeed } from './tasks-feed.ts';
import { TasksRepository } from './tasks.repository.ts';
import { TasksService } from './tasks.service.ts';

/** Runs the features' tasks on exactly one instance. */
@Module({
  imports: [ScheduleModule.forRoot(), AuditModule],
  controllers: [TasksController],
  providers: [
    {
      provide: LockHolder,
      useFactory: (settings: Settings, log: Log, lifecycle: Lifecycle) => LockHolder.open(settings, log, lifecycle),
      // The database comes last because nothing but its migration is needed of it.
      inject: [Settings, Log, Lifecycle, Database],
    },
    TaskRequests,
    TaskRunner,
    TasksFeed,
    TasksRepository,
    TasksService,
  ],
  exports: [LockHolder, TaskRequests, TasksFeed],
})
export class SchedulerModule {}
