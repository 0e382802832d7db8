/** Redis did not answer in time, refused us, or was never configured. Its message holds no secret. */
export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';
}
