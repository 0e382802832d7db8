export { completionCommand } from './completion-command.ts';
