import { Clock } from '../core/clock.ts';
import { loadSettings } from '../core/config/load-settings.ts';
import { openDatabase } from '../core/database/open-database.ts';
import { Log } from '../core/logging/log.ts';
import { SecretBox } from '../core/secrets/secret-box.ts';
import { AuditEventEntity, AuditRepository, AuditTrail } from '../features/audit/index.ts';
import { blocklistTables, SecretRenewal, SourceSecrets, SourcesRepository } from '../features/blocklists/index.ts';
import { commandRequester, refuseMissingDatabase } from './command-database.ts';
import { readArguments } from './command-arguments.ts';
import { BadUsage, type CommandIo } from './command-io.ts';
import { usageOf } from './help/index.ts';

/** Carries out `bangui secrets …`; answers the exit status. Never prints a key or a secret. */
export async function secretsCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { words, values } = readArguments('secrets', args, { json: { type: 'boolean' } });
  if (words.length !== 1 || words[0] !== 'rotate') throw new BadUsage(usageOf('secrets'));
  const settings = loadSettings(io.env);
  await refuseMissingDatabase(settings);
  const box = await SecretBox.open(settings);
  const database = await openDatabase(settings, [...blocklistTables, AuditEventEntity]);
  try {
    const clock = new Clock();
    const log = await Log.open({ level: 'warn', format: settings.logFormat, write: (line) => io.tell(line.trimEnd()) });
    const renewal = new SecretRenewal(database, new SourcesRepository(database), new SourceSecrets(box), log);
    const { isWhole, sealed, unreadable } = await rotate(box, renewal, io);
    const status = isWhole ? 0 : 1;
    if (values.json === true) io.out(JSON.stringify({ isWhole, keyIds: box.keyIds, sealed, unreadable }));
    await new AuditTrail(new AuditRepository(database), clock, log).record({
      requester: commandRequester(),
      action: 'secrets.rotate',
      subject: box.keyIds[0],
      outcome: status === 0 ? 'succeeded' : 'failed',
    });
    return status;
  } finally {
    await database.close();
  }
}

/** What became of the secrets. */
interface Rotated {
  /** Whether nothing needs an old key any more. */
  readonly isWhole: boolean;
  /** Blocklists whose secrets were sealed anew. */
  readonly sealed: number;
  readonly unreadable: readonly { readonly id: string; readonly name: string; readonly message: string }[];
}

async function rotate(box: SecretBox, renewal: SecretRenewal, io: CommandIo): Promise<Rotated> {
  let sealed = 0;
  let unreadable: Rotated['unreadable'] = [];
  for await (const done of renewal.rotate(box)) {
    switch (done.step) {
      case 'key-added':
        io.tell(`Made the key ${done.keyId}; it seals from now on.`);
        break;
      case 'sealed':
        sealed = done.renewed.sources;
        unreadable = done.renewed.unreadable.map(({ id, name, error }) => ({ id, name, message: error.message }));
        io.tell(`Sealed the secrets of ${sealed} blocklists anew with the key ${done.keyId}.`);
        for (const { id, name, message } of unreadable) io.tell(`${id} ${JSON.stringify(name)}: ${message}`);
        break;
      case 'old-keys-dropped':
        io.tell('The old keys are gone.');
        break;
    }
  }
  if (unreadable.length === 0) return { isWhole: areOldKeysNeedless(box, io), sealed, unreadable };
  io.tell(
    'The old keys were kept: enter those secrets anew in the portal, or bring their key back; then run this again.',
  );
  return { isWhole: false, sealed, unreadable };
}

/** Whether a key has taken over from the old ones; says what is left to do with those of the environment, which only a person changes. */
function areOldKeysNeedless(box: SecretBox, io: CommandIo): boolean {
  const [first, ...others] = box.keyIds;
  if (box.keyFile) return true;
  if (others.length === 0) {
    io.tell(
      'BANGUI_SECRET_KEY names one key, so there is nothing to change to: put a new one before it, separated by a comma.',
    );
    return false;
  }
  io.tell(
    `Nothing needs ${others.join(', ')} any more. Once every instance was started with ${first}, take the others out of BANGUI_SECRET_KEY.`,
  );
  return true;
}
