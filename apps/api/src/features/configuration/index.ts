export { ConfigurationModule } from './configuration.module.ts';
export { configurationTables } from './configuration-tables.ts';
