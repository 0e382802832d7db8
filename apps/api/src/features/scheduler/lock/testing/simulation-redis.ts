import { redisScripts } from '../open-lock.ts';
import { RedisLock, type RedisScripts } from '../redis-lock.ts';
import { type SimulationStore } from './simulated-world.ts';

/** The time at which a simulated world begins, epoch milliseconds. */
const beginAt = 1_800_000_000_000;

/**
 * Comes before each script of the lock: Redis runs that as it is, only TIME and the expiry of keys go by a time that is set.
 * Like Redis's own, a key is there until the very millisecond of its expiry, and a SET without PX makes it stay.
 */
const chosenTime = `local real = redis
local present = tonumber(real.call('GET', 'simulated:now'))
local redis = { call = function(command, key, ...)
  if command == 'TIME' then return { math.floor(present / 1000), present % 1000 * 1000 } end
  local expiry = 'simulated:expiry:' .. key
  local at = real.call('GET', expiry)
  if at and tonumber(at) < present then real.call('DEL', key, expiry) end
  if command ~= 'SET' then return real.call(command, key, ...) end
  local given, arguments, px = { ... }, {}, nil
  for index, argument in ipairs(given) do
    if given[index - 1] == 'PX' then px = argument
    elseif argument ~= 'PX' then table.insert(arguments, argument) end
  end
  local answer = real.call('SET', key, unpack(arguments))
  if answer then real.call('DEL', expiry) end
  if answer and px then real.call('SET', expiry, string.format('%d', present + tonumber(px))) end
  return answer
end }
`;

/** A {@link SimulationStore} that can be closed. */
export interface SimulationRedis extends SimulationStore {
  close(): Promise<void>;
}

/** The lock in a real Redis whose time stands still until the world moves it, with the fence in a database. */
export async function simulationRedis(url: string, database: SimulationStore): Promise<SimulationRedis> {
  const redis = await redisScripts(url, 10_000);
  const timed: RedisScripts = { ...redis, eval: (script, ...rest) => redis.eval(chosenTime + script, ...rest) };
  let offset = 0;
  let passed = 0;
  let shown: number | undefined;
  const show = async (): Promise<void> => {
    const at = beginAt + offset + passed;
    if (shown !== at) await redis.eval(`redis.call('SET', KEYS[1], ARGV[1])`, 1, 'simulated:now', at);
    shown = at;
  };
  const forget = async (): Promise<void> => {
    await redis.eval(`redis.call('FLUSHALL')`, 0);
    shown = undefined;
    await show();
  };
  return {
    connection: database.connection,
    lockOf: ({ own, ttlMs, isGone, sql }) => new RedisLock(timed, sql, { own, ttlMs, isGone }),
    setTime: (ms) => {
      passed = ms;
      return show();
    },
    stepClock: (ms) => {
      offset += ms;
    },
    forget,
    reset: async () => {
      offset = 0;
      passed = 0;
      await forget();
      await database.reset();
    },
    close: () => redis.close(),
  };
}
