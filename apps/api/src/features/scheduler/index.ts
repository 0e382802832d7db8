export { type Heartbeat, LockHolder } from './lock-holder.ts';
export { type InspectedHolder, InspectedLock } from './inspected-lock.ts';
export { SchedulerModule } from './scheduler.module.ts';
export { TaskEntity } from './task.entity.ts';
export { TaskRequests } from './task-requests.ts';
export { TaskRunEntity } from './task-run.entity.ts';
export { schedulerChanged, taskChanged, TasksFeed } from './tasks-feed.ts';
export { SchedulerInfo, TaskInfo } from './tasks.dto.ts';
export { TasksRepository } from './tasks.repository.ts';
