import { Injectable } from '@nestjs/common';
import { attemptKey, networkOf } from './attempt-key.ts';
import { TooManyAttempts } from './auth.errors.ts';
import { type CountedAttempt, SignInCountsRepository } from './sign-in-counts.repository.ts';

/** How long wrong attempts count, in milliseconds. */
const durationMs = 300_000;
/** Wrong attempts one address may make in that time, and on one account from anywhere, before it has to wait. */
const maxOfAddress = 10;
const maxOnAccount = 30;
/** How long an address is known as one that an account is used from, in milliseconds. */
const familiarMs = 30 * 86_400_000;

const addressKey = (address: string): string => attemptKey('address', networkOf(address));
const accountKey = (username: string): string => attemptKey('account', username.toLowerCase());
const familiarKey = (address: string, username: string): string =>
  attemptKey('familiar', networkOf(address), username.toLowerCase());

/**
 * Slows guessing down, by address and by account. Every attempt counts before the password is looked at, so that a
 * burst cannot slip through; a right one is given back. Addresses from which an account signed in before are not held
 * up by strangers who guess at the same account. The counts are in the database: several instances allow no more than one.
 */
@Injectable()
export class SignInThrottle {
  constructor(private readonly counts: SignInCountsRepository) {}

  /** Counts an attempt. Rejects with {@link TooManyAttempts}. */
  async attempt(address: string, username: string): Promise<void> {
    const refused = await this.counts.write(async (sql): Promise<CountedAttempt | undefined> => {
      const ofAddress = await this.counts.add(sql, addressKey(address), durationMs);
      if (ofAddress.points > maxOfAddress) return ofAddress;
      if (await this.counts.has(sql, familiarKey(address, username))) return undefined;
      const onAccount = await this.counts.add(sql, accountKey(username), durationMs);
      return onAccount.points > maxOnAccount ? onAccount : undefined;
    });
    if (refused) throw new TooManyAttempts(Math.max(1, Math.ceil(refused.leftMs / 1000)));
  }

  /** The attempt was right: it does not count. */
  async succeeded(address: string, username: string): Promise<void> {
    await this.counts.write(async (sql) => {
      await this.counts.takeBack(sql, addressKey(address));
      await this.counts.takeBack(sql, accountKey(username));
      await this.counts.remember(sql, familiarKey(address, username), familiarMs);
    });
  }
}
