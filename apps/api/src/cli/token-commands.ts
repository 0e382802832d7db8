import { Clock } from '../core/clock.ts';
import { loadSettings } from '../core/config/load-settings.ts';
import { openDatabase } from '../core/database/open-database.ts';
import { Log } from '../core/logging/log.ts';
import { AuditEventEntity, AuditRepository, AuditTrail } from '../features/audit/index.ts';
import {
  type ApiToken,
  ApiTokenEntity,
  type TokenScopeName,
  tokenScopes,
  TokensRepository,
  TokensService,
} from '../features/tokens/index.ts';
import { commandRequester, refuseMissingDatabase } from './command-database.ts';
import { readArguments } from './command-arguments.ts';
import { BadUsage, type CommandIo } from './command-io.ts';
import { usageOf } from './help/index.ts';

const dayMs = 86_400_000;
const maxDays = 36_500;
const pageSize = 200;

/** Carries out `bangui token …`; answers the exit status. */
export async function tokenCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const order = read(args);
  const settings = loadSettings(io.env);
  await refuseMissingDatabase(settings);
  const database = await openDatabase(settings, [ApiTokenEntity, AuditEventEntity]);
  try {
    const clock = new Clock();
    const log = await Log.open({ level: 'warn', format: settings.logFormat, write: (line) => io.tell(line.trimEnd()) });
    const audit = new AuditTrail(new AuditRepository(database), clock, log);
    const tokens = new TokensService(new TokensRepository(database), database, audit, clock, log);
    await carryOut(order, tokens, clock, io);
    return 0;
  } finally {
    await database.close();
  }
}

type Order = { readonly isJson: boolean } & (
  | {
      readonly command: 'create';
      readonly name: string;
      readonly scopes: TokenScopeName[];
      readonly days: number | undefined;
    }
  | { readonly command: 'list' }
  | { readonly command: 'revoke'; readonly id: string }
);

async function carryOut(order: Order, tokens: TokensService, clock: Clock, io: CommandIo): Promise<void> {
  switch (order.command) {
    case 'create': {
      const { name, scopes, days } = order;
      const expiresAt = days === undefined ? null : clock.now() + days * dayMs;
      const made = await tokens.create({ name, scopes, expiresAt }, commandRequester());
      if (order.isJson) io.out(JSON.stringify(made));
      else {
        io.tell(`Made ${made.id}. This is the only time that it is shown:`);
        io.out(made.token);
      }
      return;
    }
    case 'list': {
      const all: ApiToken[] = [];
      for await (const token of everyToken(tokens)) {
        if (order.isJson) all.push(token);
        else {
          const { id, name, scopes, expiresAt, isExpired, owner } = token;
          const end = expiresAt === null ? 'never' : new Date(expiresAt).toISOString();
          io.out([id, name, scopes.join(','), isExpired ? `expired ${end}` : end, owner].join('\t'));
        }
      }
      if (order.isJson) io.out(JSON.stringify({ tokens: all }));
      return;
    }
    case 'revoke':
      await tokens.revoke(order.id, commandRequester());
      if (order.isJson) io.out(JSON.stringify({ id: order.id, isRevoked: true }));
      io.tell(`Revoked ${order.id}: it is refused from now on.`);
      return;
  }
}

async function* everyToken(tokens: TokensService): AsyncGenerator<ApiToken> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await tokens.page({ limit: pageSize, ...(cursor !== undefined && { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  }
}

function read(args: readonly string[]): Order {
  const { words, values } = readArguments('token', args, {
    scope: { type: 'string', multiple: true },
    days: { type: 'string' },
    json: { type: 'boolean' },
  });
  return { ...orderOf(words, values.scope ?? [], values.days), isJson: values.json === true };
}

type WithoutJson<T> = T extends unknown ? Omit<T, 'isJson'> : never;

function orderOf(
  [command, subject, ...more]: readonly string[],
  scopes: readonly string[],
  days?: string,
): WithoutJson<Order> {
  if (command === 'list' && subject === undefined) return { command };
  if (subject === undefined || more.length > 0) throw new BadUsage(usageOf('token'));
  if (command === 'revoke') {
    if (!/^[0-9a-f-]{36}$/.test(subject)) throw new BadUsage(`${subject} is no id of a token: bangui token list`);
    return { command, id: subject };
  }
  if (command !== 'create') throw new BadUsage(usageOf('token'));
  if (scopes.length === 0 || !scopes.every(isScope))
    throw new BadUsage(`Name at least one scope: ${tokenScopes.join(', ')}`);
  if (!/^[^\p{Cc}]{1,64}$/u.test(subject) || subject.trim() === '') {
    throw new BadUsage('The name is 1 to 64 characters, without control characters.');
  }
  if (days === undefined) return { command, name: subject, scopes: [...new Set(scopes)], days };
  if (!/^\d{1,5}$/.test(days) || Number(days) < 1 || Number(days) > maxDays) {
    throw new BadUsage(`The days until it expires are 1 to ${maxDays}.`);
  }
  return { command, name: subject, scopes: [...new Set(scopes)], days: Number(days) };
}

function isScope(text: string): text is TokenScopeName {
  return (tokenScopes as readonly string[]).includes(text);
}
