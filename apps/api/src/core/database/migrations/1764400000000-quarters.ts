import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The beginning of the quarter of an hour, in epoch seconds, of an expression in epoch seconds. */
const quarterOf = (seconds: string): string => `${seconds} - ${seconds} % 900`;

const intoSums = 'INSERT INTO history_hourly (server, dimension, grain, bucket, value, bans, unbans, failures)';

const ofJails = `${intoSums}
  SELECT server, 'jail', '15min', bucket, jail, CAST(sum(bans) AS bigint), CAST(sum(1 - bans) AS bigint),
    CAST(sum(failures) AS bigint)
  FROM (
    SELECT server, ${quarterOf('(at / 1000)')} AS bucket, jail,
      CASE action WHEN 'ban' THEN 1 ELSE 0 END AS bans,
      CASE action WHEN 'ban' THEN coalesce(failures, 0) ELSE 0 END AS failures
    FROM history_archive
  ) r GROUP BY server, bucket, jail`;

/** From those of the jails: the rows are read only once. */
const ofAll = `${intoSums}
  SELECT server, 'all', '15min', bucket, '', CAST(sum(bans) AS bigint), CAST(sum(unbans) AS bigint),
    CAST(sum(failures) AS bigint)
  FROM history_hourly WHERE dimension = 'jail' AND grain = '15min' GROUP BY server, bucket`;

const ofFailures = `${intoSums}
  SELECT server, 'failures', '15min', ${quarterOf('bucket')}, jail, 0, 0, CAST(sum(failures) AS bigint)
  FROM jail_counter GROUP BY server, ${quarterOf('bucket')}, jail`;

/** Sums by quarters of an hour, of what the archive has already: days of zones that are off by half an hour are made of them. */
export class Quarters1764400000000 implements MigrationInterface {
  readonly name = 'Quarters1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ofJails);
    await runner.query(ofAll);
    await runner.query(ofFailures);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
