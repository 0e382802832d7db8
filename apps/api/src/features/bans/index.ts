export { type BanRecord } from './ban-record.ts';
export { Ban } from './bans.dto.ts';
export { BansPages } from './bans-page.ts';
export { BansModule } from './bans.module.ts';
export { bansChanged, type BansChanged, BansSnapshot } from './bans-snapshot.ts';
export { BansWatcher } from './bans-watcher.ts';
export { BanIntents, type DatedIntent } from './ban-intents.ts';
export { IntentEntity } from './intent.entity.ts';
