import { type Dimension, type EventOrigin, type Grain, type RankedColumn, valueSeparator } from '../history/index.ts';

/** What a ranking is narrowed by. */
export interface RankingFilter {
  readonly jail?: string | undefined;
  readonly country?: string | undefined;
  readonly origin?: EventOrigin | undefined;
}

/** Where the sums of a ranking are kept. */
export interface RankingSource {
  readonly table: 'history_hourly' | 'history_offender';
  /** Null for offenders, which are a table of their own. */
  readonly dimension: Dimension | null;
  /** From the finest to the coarsest. */
  readonly grains: readonly Grain[];
  /** SQL of the ranked value. */
  readonly name: string;
  /** SQL of the filter, in which `$1` stands for {@link parameter}; always something. */
  readonly where: string;
  /** The same for rows of the archive. */
  readonly rawWhere: string;
  readonly parameter: string | null;
}

const allGrains: readonly Grain[] = ['hour', 'day', 'month'];
/** Combinations and offenders are too many for sums by the hour. */
const coarse: readonly Grain[] = ['day', 'month'];
const ofOffenders: readonly Grain[] = ['day', 'week', 'month'];

const everything = { where: '1 = 1', rawWhere: '1 = 1', parameter: null };

/** The sums that answer a ranking; undefined when none are kept of this combination. */
export function rankingSource(by: RankedColumn, filter: RankingFilter): RankingSource | undefined {
  const given = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const [only] = given;
  if (given.length > 1) return undefined;
  if (!only) {
    return by === 'address'
      ? { table: 'history_offender', dimension: null, grains: ofOffenders, name: 'address', ...everything }
      : { table: 'history_hourly', dimension: by, grains: allGrains, name: 'value', ...everything };
  }
  const [name, value] = only;
  if (name === by && by !== 'address') {
    return {
      table: 'history_hourly',
      dimension: by,
      grains: allGrains,
      name: 'value',
      where: 'value = $1',
      rawWhere: `${name} = $1`,
      parameter: value,
    };
  }
  return combination(by, name, value);
}

function combination(by: RankedColumn, filter: string, value: string): RankingSource | undefined {
  const common = { table: 'history_hourly' as const, grains: coarse };
  if (by === 'country' && (filter === 'jail' || filter === 'origin')) {
    // Not LIKE: a jail's name may hold an underscore.
    const prefix = `${value}${valueSeparator}`;
    return {
      ...common,
      dimension: `${filter}-country`,
      name: `substr(value, ${prefix.length + 1})`,
      where: `substr(value, 1, ${prefix.length}) = $1`,
      rawWhere: `${filter} || '${valueSeparator}' = $1`,
      parameter: prefix,
    };
  }
  if (by === 'jail' && filter === 'country') {
    return {
      ...common,
      dimension: 'jail-country',
      name: 'substr(value, 1, length(value) - 3)',
      where: 'substr(value, length(value) - 2) = $1',
      rawWhere: `'${valueSeparator}' || country = $1`,
      parameter: `${valueSeparator}${value}`,
    };
  }
  return undefined;
}
