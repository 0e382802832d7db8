export { JailEntity } from './jail.entity.ts';
export { Armed, JailDetail, JailList, JailSummary, type JailState } from './jails.dto.ts';
export { JailsModule } from './jails.module.ts';
export { type TestedFolder } from './configured-jails.ts';
export { jailsProven } from './jail-prover.ts';
export { jailsChanged, type JailsChanged, JailsService } from './jails.service.ts';
export { type AllLoaded, JailLoading, type LoadedJails } from './jail-loading.ts';
export { ConfigurationBroken, ConfigurationUnreadable } from './jails.errors.ts';
