/** The part of the feature that the command `bangui plugin` uses. */
export { acceptPlugin, addPlugin, removePlugin } from './add-plugin.ts';
export { type ListedPlugin, listPlugins } from './list-plugins.ts';
export { OperatorError } from './operator-error.ts';
export { type OperatorPlugin } from './operator-plugin.ts';
export { type PluginCheck, testPlugin } from './test-plugin.ts';
