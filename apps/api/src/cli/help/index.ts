export { commandPages, type CommandPage } from './command-pages.ts';
export { commandReference, overview, pageOf, usageOf } from './help.ts';
