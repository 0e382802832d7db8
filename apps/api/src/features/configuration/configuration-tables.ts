import {
  ConfigOwnedFileEntity,
  ConfigTransactionEntity,
  ConfigVersionEntity,
  ConfigVersionFileEntity,
} from './store/index.ts';

/** Classes of the rows of the configuration's tables. */
export const configurationTables = [
  ConfigOwnedFileEntity,
  ConfigTransactionEntity,
  ConfigVersionEntity,
  ConfigVersionFileEntity,
];
