export { isJailName } from './arguments.ts';
export { type CallOptions, type CommandTimeouts } from './call.ts';
export { Fail2banClient, type Fail2banClientOptions } from './client.ts';
export { type AroundCommand, type CommandSeen } from './command-seen.ts';
export { type BanInForce } from './commands/ban-line.ts';
export { BATCH_WITH_ACTIONS, BATCH_WITHOUT_ACTIONS, type BatchOptions } from './commands/bans.ts';
export {
  type IgnoreCache,
  type JailParameter,
  type JailParameters,
  type SettableJailParameter,
  type SettableJailParameters,
  type UseDns,
} from './commands/jail-parameters.ts';
export { type ReloadOptions, type StreamCommand } from './commands/reload.ts';
export {
  type LogLevel,
  type ServerSetting,
  type ServerSettings,
  type SettableServerSetting,
  type SettableServerSettings,
} from './commands/server-settings.ts';
export { type JailCounters, type JailStatus, type StatusFlavor } from './commands/status.ts';
export { formatDuration, MAX_DURATION_SECONDS, parseDuration, PERMANENT } from './duration.ts';
export {
  AnswerNotUnderstood,
  BadArgument,
  Fail2banAborted,
  Fail2banError,
  Fail2banOffline,
  Fail2banRefused,
  Fail2banTimeout,
} from './errors.ts';
export { type InFlight } from './transport/command-queue.ts';
export { type PickleInput } from './pickle/values.ts';
