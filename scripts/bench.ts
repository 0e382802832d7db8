import { cpus, totalmem } from 'node:os';
import { measureAddressSets } from './bench/address-sets.ts';
import { measureApi, measureLists } from './bench/api.ts';
import { measurePostgresArchive, measureSqliteArchive } from './bench/archive.ts';
import { measureBackfill } from './bench/backfill.ts';
import { measureConfiguration, measureConfigurationChanges } from './bench/configuration.ts';
import { measureEnforcer } from './bench/enforcer.ts';
import { measureGeo } from './bench/geo.ts';
import { measureBlocklists } from './bench/blocklists.ts';
import { measureListMemory } from './bench/list-memory.ts';
import { type Figure } from './bench/measure.ts';
import { measurePortal } from './bench/portal.ts';
import { measureSocket } from './bench/socket.ts';

/** `npm run bench -- WORD…` measures only the parts whose titles hold one of the words. */
const PARTS: readonly [string, () => Promise<Figure[]> | AsyncIterable<Figure>][] = [
  ['fail2ban over its socket', measureSocket],
  ['portal', measurePortal],
  ['API', measureApi],
  ['lists', measureLists],
  ['configuration', measureConfiguration],
  ['configuration, changed through the API', measureConfigurationChanges],
  ['address sets', measureAddressSets],
  ['blocklists', measureBlocklists],
  ['memory by size of a list', measureListMemory],
  ['enforcer', measureEnforcer],
  ['places', measureGeo],
  ['first start beside 100,000 bans', measureBackfill],
  ['archive on SQLite', measureSqliteArchive],
  ['archive on PostgreSQL', measurePostgresArchive],
];

const wanted = process.argv.slice(2);

console.log(
  `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}\n`,
);
const broken: string[] = [];
for (const [title, measure] of PARTS) {
  if (wanted.length > 0 && !wanted.some((word) => title.includes(word))) continue;
  console.log(title);
  const measured = measure();
  // What takes long tells its figures as they come.
  for await (const figure of measured instanceof Promise ? await measured : measured) {
    const verdict = figure.isKept === undefined ? '' : figure.isKept ? '  kept' : '  NOT KEPT';
    const processor = figure.processor === undefined ? '' : `  (processor: ${figure.processor})`;
    console.log(
      `  ${figure.name.padEnd(52)} ${figure.value.padStart(12)}  ${(figure.bound ?? '').padEnd(12)}${verdict}${processor}`,
    );
    if (figure.isKept === false) broken.push(figure.name);
  }
}
if (broken.length > 0) {
  console.error(`\nNot kept: ${broken.join('; ')}`);
  process.exitCode = 1;
}
