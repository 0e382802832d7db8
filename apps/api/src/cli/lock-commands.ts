import { loadSettings } from '../core/config/load-settings.ts';
import { type InspectedHolder, InspectedLock } from '../features/scheduler/index.ts';
import { readArguments } from './command-arguments.ts';
import { refuseMissingDatabase } from './command-database.ts';
import { BadUsage, type CommandIo } from './command-io.ts';
import { usageOf } from './help/index.ts';

/** Carries out `bangui lock …`; answers the exit status: 1 when a holder that lives was not to be disturbed. */
export async function lockCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { words, values } = readArguments('lock', args, { force: { type: 'boolean' }, json: { type: 'boolean' } });
  const [command, ...more] = words;
  const isClear = command === 'clear';
  if (more.length > 0 || (!isClear && (command !== 'show' || values.force !== undefined)))
    throw new BadUsage(usageOf('lock'));
  const settings = loadSettings(io.env);
  await refuseMissingDatabase(settings);
  const lock = new InspectedLock(settings);
  const holder = await lock.holder();
  const isRefused = isClear && holder?.condition === 'alive' && values.force !== true;
  const isCleared = isClear && holder !== undefined && !isRefused && (await lock.clear(holder));
  if (values.json === true)
    io.out(
      JSON.stringify({ lock: lock.kind, ttlMs: lock.ttlMs, holder: holder ?? null, ...(isClear && { isCleared }) }),
    );
  else tell(holder, lock, io);
  if (isRefused)
    io.tell(
      'The holder lives, so the lock was left. Stop that process: it gives the lock back. To take it away all the same: --force',
    );
  if (isCleared) {
    io.tell('The lock was taken away. An instance that waits takes it at its next attempt, under a higher token.');
    if (holder.condition === 'alive')
      io.tell(
        'The holder stops its tasks at its next heartbeat; what it would still write is refused by its lower token.',
      );
  }
  if (isClear && holder && !isRefused && !isCleared) io.tell('The lock could not be taken away: it is still held.');
  return isClear && holder !== undefined && !isCleared ? 1 : 0;
}

const conditions: Readonly<Record<InspectedHolder['condition'], string>> = {
  alive: 'it lives',
  gone: 'its process is no more; the next instance that starts takes the lock',
  silent: 'it has been silent for too long; the next instance that tries takes the lock',
};

function tell(holder: InspectedHolder | undefined, { kind }: InspectedLock, io: CommandIo): void {
  if (!holder) {
    io.out(`Nobody holds the scheduler lock in ${kind === 'redis' ? 'Redis' : 'the database'}.`);
    return;
  }
  const { pid, host, instanceId, token, acquiredAt, ageMs, condition } = holder;
  io.out(`holder     process ${pid} on ${JSON.stringify(host)}, instance ${JSON.stringify(instanceId)}`);
  io.out(`since      ${new Date(acquiredAt).toISOString()}, token ${token}`);
  io.out(`heartbeat  ${Math.round(ageMs / 100) / 10} s ago`);
  io.out(`condition  ${condition}: ${conditions[condition]}`);
}
