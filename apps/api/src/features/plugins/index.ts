export {
  type HostedSource,
  openSource,
  PluginFault,
  type PluginFaultKind,
  type SourceLocation,
} from './hosting/index.ts';
export { type PluginInfo } from './plugin-info.ts';
export { PluginsModule } from './plugins.module.ts';
export { PluginPlaces, SourcePlugins } from './source-plugins.ts';
