export { LogsModule } from './logs.module.ts';
export { type LogPage } from './logs.dto.ts';
