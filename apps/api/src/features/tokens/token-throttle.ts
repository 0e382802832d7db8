import { Injectable } from '@nestjs/common';
import { attemptKey, networkOf, SignInCountsRepository } from '../auth/index.ts';
import { TooManyWrongTokens } from './tokens.errors.ts';

/** Wrong tokens that one address may send in the time before it has to wait. */
const maxOfAddress = 20;
/** How long wrong tokens count, in milliseconds. */
const durationMs = 300_000;

/**
 * Slows guessing down. Only wrong tokens count, so that programs with a right one may ask as often as they like; they
 * are served also while a stranger behind the same address guesses. All instances count together.
 */
@Injectable()
export class TokenThrottle {
  constructor(private readonly counts: SignInCountsRepository) {}

  /** Counts a wrong token. Rejects with {@link TooManyWrongTokens} when there were too many. */
  async wrong(address: string): Promise<void> {
    const key = attemptKey('token', networkOf(address));
    const { points, leftMs } = await this.counts.write((sql) => this.counts.add(sql, key, durationMs));
    if (points > maxOfAddress) throw new TooManyWrongTokens(Math.max(1, Math.ceil(leftMs / 1000)));
  }
}
