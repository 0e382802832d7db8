export { PrivateFail2ban, type PrivateFail2banOptions } from './private-fail2ban.ts';
export { fail2banTools, type Fail2banTools } from './tools.ts';
export { ScriptedServer, success } from './scripted-server.ts';
