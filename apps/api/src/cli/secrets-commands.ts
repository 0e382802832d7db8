import { Clock } from '../core/clock.ts';
import { loadSettings } from '../core/config/load-settings.ts';
import { openDatabase } from '../core/database/open-database.ts';
import { Log } from '../core/logging/log.ts';
import { SecretBox } from '../core/secrets/secret-box.ts';
import { AuditEventEntity, AuditRepository, AuditTrail } from '../features/audit/index.ts';
import { blocklistTables, SecretRenewal, SourceSecrets, SourcesRepository } from '../features/blocklists/index.ts';
import { commandRequester, refuseMissingDatabase } from './command-database.ts';
import { BadUsage, type CommandIo } from './command-io.ts';
import { usageOf } from './help/index.ts';

/** Carries out `bangui secrets …`; answers the exit status. Never prints a key or a secret. */
export async function secretsCommand(args: readonly string[], io: CommandIo): Promise<number> {
  if (args.length !== 1 || args[0] !== 'rotate') throw new BadUsage(usageOf('secrets'));
  const settings = loadSettings(io.env);
  await refuseMissingDatabase(settings);
  const box = await SecretBox.open(settings);
  const database = await openDatabase(settings, [...blocklistTables, AuditEventEntity]);
  try {
    const clock = new Clock();
    const log = await Log.open({ level: 'warn', format: settings.logFormat, write: (line) => io.tell(line.trimEnd()) });
    const renewal = new SecretRenewal(database, new SourcesRepository(database), new SourceSecrets(box), log);
    const status = await rotate(box, renewal, io);
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

async function rotate(box: SecretBox, renewal: SecretRenewal, io: CommandIo): Promise<number> {
  let isWhole = true;
  for await (const done of renewal.rotate(box)) {
    switch (done.step) {
      case 'key-added':
        io.tell(`Made the key ${done.keyId}; it seals from now on.`);
        break;
      case 'sealed':
        io.tell(`Sealed the secrets of ${done.renewed.sources} blocklists anew with the key ${done.keyId}.`);
        for (const { id, name, error } of done.renewed.unreadable)
          io.tell(`${id} ${JSON.stringify(name)}: ${error.message}`);
        isWhole = done.renewed.unreadable.length === 0;
        break;
      case 'old-keys-dropped':
        io.tell('The old keys are gone.');
        break;
    }
  }
  const [first, ...others] = box.keyIds;
  if (!isWhole)
    io.tell(
      'The old keys were kept: enter those secrets anew in the portal, or bring their key back; then run this again.',
    );
  else if (box.keyFile) return 0;
  else if (others.length === 0) {
    io.tell(
      'BANGUI_SECRET_KEY names one key, so there is nothing to change to: put a new one before it, separated by a comma.',
    );
    isWhole = false;
  } else {
    io.tell(
      `Nothing needs ${others.join(', ')} any more. Once every instance was started with ${first}, take the others out of BANGUI_SECRET_KEY.`,
    );
  }
  return isWhole ? 0 : 1;
}
