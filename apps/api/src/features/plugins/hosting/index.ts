/** The part of the feature that worker threads use: it needs no framework, and runs as TypeScript without a compiler. */
export { type HostedSource, type SourceLocation } from '../hosted-source.ts';
export { type SourceDescription } from './describe-source.ts';
export { checksumOf } from './checksum.ts';
export { confinement, type Confined } from './foreign/confinement.ts';
export { openSource, sourceAt } from './open-source.ts';
export { PluginFault, type PluginFaultKind } from './plugin-fault.ts';
