export { requireServerSetting } from './server-setting-rules.ts';
export { ServerControlModule } from './server-control.module.ts';
export { type ServerSettingsNow } from './server-control.dto.ts';
