/**
 * Names of log events. They are stable: alerts and fail2ban filters match on them. A name is never reused for
 * something else. Features add theirs here, in alphabetical order.
 */
export const logEvents = {
  allowlistNotPushed: 'allowlist_not_pushed',
  apiTokenRefused: 'api_token_refused',
  apiTokenUseNotStored: 'api_token_use_not_stored',
  archiveNotRead: 'archive_not_read',
  archivePurged: 'archive_purged',
  archiveUpkeepFailed: 'archive_upkeep_failed',
  auditFailed: 'audit_failed',
  databaseMigrated: 'database_migrated',
  databaseOpened: 'database_opened',
  fail2banOffline: 'fail2ban_offline',
  fail2banOnline: 'fail2ban_online',
  fail2banPollRefused: 'fail2ban_poll_refused',
  historySyncFailed: 'history_sync_failed',
  geoCacheNotCleaned: 'geo_cache_not_cleaned',
  jailNotArmed: 'jail_not_armed',
  jailNotStored: 'jail_not_stored',
  listenerFailed: 'listener_failed',
  framework: 'framework',
  operationFailed: 'operation_failed',
  placeDataLoaded: 'place_data_loaded',
  placeDataRefused: 'place_data_refused',
  requestCompleted: 'request_completed',
  requestFailed: 'request_failed',
  sessionEnded: 'session_ended',
  setupCodeCreated: 'setup_code_created',
  setupDone: 'setup_done',
  shuttingDown: 'bangui_shutting_down',
  signedIn: 'signed_in',
  signInFailed: 'sign_in_failed',
  started: 'bangui_started',
  startFailed: 'bangui_start_failed',
  stopHookFailed: 'stop_hook_failed',
  stopped: 'bangui_stopped',
  unhandledRejection: 'unhandled_rejection',
  streamDropped: 'event_stream_dropped',
} as const;

/** One of the names of {@link logEvents}. */
export type LogEvent = (typeof logEvents)[keyof typeof logEvents];
