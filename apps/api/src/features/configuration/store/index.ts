export { ConfigDraftEntity } from './config-draft.entity.ts';
export { ConfigOwnedFileEntity } from './config-owned-file.entity.ts';
export { ConfigTransactionEntity, type FileChange, type TransactionState } from './config-transaction.entity.ts';
export { ConfigVersionFileEntity } from './config-version-file.entity.ts';
export { ConfigVersionEntity, type VersionKind } from './config-version.entity.ts';
export { ConfigurationRepository, type NewVersion, type VersionSummary } from './configuration.repository.ts';
export { DraftsRepository } from './drafts.repository.ts';
