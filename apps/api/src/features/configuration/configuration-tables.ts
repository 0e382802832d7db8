import {
  ConfigDraftEntity,
  ConfigOwnedFileEntity,
  ConfigTransactionEntity,
  ConfigVersionEntity,
  ConfigVersionFileEntity,
} from './store/index.ts';

/** Classes of the rows of the configuration's tables. */
export const configurationTables = [
  ConfigDraftEntity,
  ConfigOwnedFileEntity,
  ConfigTransactionEntity,
  ConfigVersionEntity,
  ConfigVersionFileEntity,
];
