export { type InspectedHolder, InspectedLock } from './inspected-lock.ts';
export { LockHolder } from './lock-holder.ts';
export { SchedulerModule } from './scheduler.module.ts';
export { TaskEntity } from './task.entity.ts';
export { TaskRequests } from './task-requests.ts';
export { TaskRunEntity } from './task-run.entity.ts';
export { schedulerChanged, taskChanged } from './tasks-feed.ts';
export { SchedulerInfo, TaskInfo } from './tasks.dto.ts';
