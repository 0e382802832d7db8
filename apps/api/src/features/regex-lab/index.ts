export { RegexLabModule } from './regex-lab.module.ts';
export { WatchedLogs } from './watched-logs.ts';
export { type RegexLabChoices, type RegexLabReport } from './regex-lab.dto.ts';
