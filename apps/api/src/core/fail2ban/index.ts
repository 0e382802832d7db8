export { ClientHealth } from './client-health.ts';
export { Fail2banConfiguration } from './fail2ban-configuration.ts';
export { Fail2banHealth, type Fail2banState } from './fail2ban-health.ts';
export { Fail2banWork, maxSilenceMs } from './fail2ban-work.ts';
export { Fail2banModule } from './fail2ban.module.ts';
export { asAppError, Fail2banProblem, Fail2banProblems } from './fail2ban-problems.ts';
export { filesIn, folderDigest } from './folder-files.ts';
