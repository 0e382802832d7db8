import { ImportLogEntity } from './log.entity.ts';
import { packedTables } from './packed-tables.ts';
import { ImportRunEntity } from './run.entity.ts';
import { BlocklistSourceEntity } from './source.entity.ts';

/** The tables of blocklists. */
export const blocklistTables = [BlocklistSourceEntity, ImportRunEntity, ImportLogEntity, ...packedTables] as const;
