import { setTimeout } from 'node:timers/promises';
import { Clock } from '../core/clock.ts';
import { loadSettings } from '../core/config/load-settings.ts';
import { type Settings } from '../core/config/settings.ts';
import { openDatabase } from '../core/database/open-database.ts';
import { Log } from '../core/logging/log.ts';
import { StartRefused } from '../core/start-refused.ts';
import { AuditEventEntity, AuditRepository, AuditTrail } from '../features/audit/index.ts';
import { blocklistTables, ImportByCommand, type ListedSource } from '../features/blocklists/index.ts';
import { InspectedLock, TaskEntity } from '../features/scheduler/index.ts';
import { readArguments } from './command-arguments.ts';
import { commandRequester, refuseMissingDatabase } from './command-database.ts';
import { BadUsage, type CommandIo } from './command-io.ts';
import { usageOf } from './help/index.ts';

/** How often an import is looked up, in milliseconds. */
const lookMs = 500;

/** Carries out `bangui source …`; answers the exit status: 1 when the list was not taken over. */
export async function sourceCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { words, values } = readArguments('source', args, { json: { type: 'boolean' } });
  const [command, name, ...more] = words;
  const isList = command === 'list' && name === undefined;
  if (!isList && (command !== 'run' || name === undefined || more.length > 0)) throw new BadUsage(usageOf('source'));
  const settings = loadSettings(io.env);
  await refuseMissingDatabase(settings);
  const database = await openDatabase(settings, [...blocklistTables, TaskEntity, AuditEventEntity]);
  try {
    const clock = new Clock();
    const log = await Log.open({ level: 'warn', format: settings.logFormat, write: (line) => io.tell(line.trimEnd()) });
    const imports = new ImportByCommand(database, clock, new AuditTrail(new AuditRepository(database), clock, log));
    const isJson = values.json === true;
    if (name === undefined) return await list(imports, isJson, io);
    const source = named(await imports.list(), name);
    await refuseNobody(settings);
    return await run(imports, source, isJson, clock, io);
  } finally {
    await database.close();
  }
}

async function list(imports: ImportByCommand, isJson: boolean, io: CommandIo): Promise<number> {
  const sources = await imports.list();
  if (isJson) io.out(JSON.stringify({ sources }));
  else {
    for (const { feedName, name, plugin, isEnabled, latest } of sources) {
      const at = latest?.finishedAt ?? null;
      const state = isEnabled ? (latest?.outcome ?? 'never') : 'disabled';
      io.out([feedName, name, plugin, state, at === null ? '-' : new Date(at).toISOString()].join('\t'));
    }
  }
  return 0;
}

/** By the name under which it is published or its id, which are its own; by its other name, if no second list has it. */
function named(sources: readonly ListedSource[], name: string): ListedSource {
  const own = sources.find(({ id, feedName }) => id === name || feedName === name);
  const [first, second] = own ? [own] : sources.filter((source) => source.name === name);
  if (second) throw new StartRefused(`Several lists are called ${name}. Use the first column of: bangui source list`);
  if (!first) throw new StartRefused(`There is no list ${name}. Those that there are: bangui source list`);
  return first;
}

/** Only the holder of the lock imports: without one the wish would lie there until somebody starts BanGUI. */
async function refuseNobody(settings: Settings): Promise<void> {
  const holder = await new InspectedLock(settings).holder();
  if (holder?.condition === 'alive') return;
  throw new StartRefused(
    'No BanGUI runs background tasks now, and only that one imports. Start it, or see who should: bangui lock show',
  );
}

async function run(
  imports: ImportByCommand,
  source: ListedSource,
  isJson: boolean,
  clock: Clock,
  io: CommandIo,
): Promise<number> {
  const asked = clock.monotonic();
  const runId = await imports.ask(source, commandRequester());
  io.tell(`Asked for the import of ${source.name}, ${runId}.`);
  let isBegun = false;
  for (;;) {
    const { isOver, run: found } = await imports.look(runId, clock.monotonic() - asked);
    if (!isBegun && typeof found?.startedAt === 'number') {
      io.tell('It has begun.');
      isBegun = true;
    }
    if (isOver && found) {
      const isTaken = found.outcome !== 'suspicious';
      if (isJson) io.out(JSON.stringify(found));
      else io.out([found.outcome, found.funnel?.ranges ?? '-'].join('\t'));
      if (!isTaken) io.tell('It looks broken, so it was held: look at it in the portal, and take or discard it there.');
      return isTaken ? 0 : 1;
    }
    await setTimeout(lookMs);
  }
}
