/** The part of the feature that worker threads use: it needs no framework, and runs as TypeScript without a compiler. */
export { type HostedSource, type SourceLocation } from '../hosted-source.ts';
export { type SourceDescription } from './describe-source.ts';
export { openSource } from './open-source.ts';
export { PluginFault, type PluginFaultKind } from './plugin-fault.ts';
