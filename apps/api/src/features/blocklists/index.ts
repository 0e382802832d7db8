export { BlocklistsModule } from './blocklists.module.ts';
export { importChanged, type ImportChanged, snapshotChanged, type SnapshotChanged } from './run/import-events.ts';
export { ImportByCommand, type ListedSource } from './run/import-by-command.ts';
export { type RotationStep, SecretRenewal } from './sources/secret-renewal.ts';
export { SourceCatalog } from './sources/source-catalog.ts';
export { SourceSecrets } from './sources/source-secrets.ts';
export { SourcesRepository } from './store/sources.repository.ts';
export { blocklistTables } from './store/tables.ts';
export { Wanted, wantedChanged, type WantedChanged, type WantedDelta, type WantedSet } from './wanted/wanted.ts';
