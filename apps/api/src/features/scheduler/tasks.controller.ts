import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { type Requester } from '../../core/http/requester.ts';
import { CurrentRequester } from '../auth/index.ts';
import { runInfo, TasksFeed } from './tasks-feed.ts';
import { TaskChange, TaskInfo, TaskList, TaskPath, TaskRequested, TaskRunPage, TaskRunsQuery } from './tasks.dto.ts';
import { TasksRepository } from './tasks.repository.ts';
import { TasksService } from './tasks.service.ts';

/** Background tasks, and the lock of the instance that runs them. */
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly feed: TasksFeed,
    private readonly repository: TasksRepository,
  ) {}

  /** Every task with its latest run, and who runs them. */
  @Get()
  list(): Promise<TaskList> {
    return this.feed.list();
  }

  /** Runs of a task, newest first: the latest hundred of ninety days. */
  @Get(':id/runs')
  async runs(@Param() { id }: TaskPath, @Query() query: TaskRunsQuery): Promise<TaskRunPage> {
    this.tasks.find(id);
    const { items, nextCursor } = await this.repository.page(id, query);
    return { items: items.map(runInfo), nextCursor };
  }

  /** Asks for a run now, also of a paused task. The instance that has the lock begins it within about a second. */
  @Post(':id/run')
  @HttpCode(202)
  run(@Param() { id }: TaskPath, @CurrentRequester() requester: Requester): Promise<TaskRequested> {
    return this.tasks.request(id, requester);
  }

  /** Pauses or resumes a task, or changes its schedule. */
  @Patch(':id')
  change(
    @Param() { id }: TaskPath,
    @Body() change: TaskChange,
    @CurrentRequester() requester: Requester,
  ): Promise<TaskInfo> {
    return this.tasks.change(id, change, requester);
  }
}
