import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyWrongTokens } from './tokens.errors.ts';

/** Wrong tokens that one address may send before it has to wait. */
const perAddress = { keyPrefix: 'token', points: 20, duration: 300 };

/**
 * Slows guessing down. Only wrong tokens count, so that programs with a right one may ask as often as they like; they
 * are served also while a stranger behind the same address guesses.
 */
@Injectable()
export class TokenThrottle {
  private readonly addresses = new RateLimiterMemory(perAddress);

  /** Counts a wrong token. Rejects with {@link TooManyWrongTokens} when there were too many. */
  async wrong(address: string): Promise<void> {
    try {
      await this.addresses.consume(keyOf(address));
    } catch (refusal) {
      // The library rejects with its state when the points are used up.
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new TooManyWrongTokens(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    }
  }
}

/** An IPv6 customer has 2^64 addresses: the network counts as one. */
function keyOf(address: string): string {
  if (Network.parse(address)?.family !== 6) return address;
  return Network.parse(`${address}/64`)?.toString() ?? address;
}
