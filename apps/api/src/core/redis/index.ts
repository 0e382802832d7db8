export { RedisConnection } from './redis-connection.ts';
export { RedisUnavailable } from './redis-unavailable.ts';
