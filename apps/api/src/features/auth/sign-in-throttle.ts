import { Injectable } from '@nestjs/common';
import { Network } from '@bangui/ip';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyAttempts } from './auth.errors.ts';

/** Wrong attempts one address may make, and on one account from anywhere, before it has to wait. */
const perAddress = { points: 10, duration: 300 };
const perAccount = { points: 30, duration: 300 };

/** An IPv6 customer has 2^64 addresses: the network counts as one. */
function addressKey(address: string): string {
  const network = Network.parse(address);
  if (network?.family !== 6) return address;
  return Network.parse(`${address}/64`)?.toString() ?? address;
}

/**
 * Slows guessing down, by address and by account. Every attempt counts before the password is looked at, so that a
 * burst cannot slip through; a right one is given back. Addresses from which an account signed in before are not held
 * up by strangers who guess at the same account.
 */
@Injectable()
export class SignInThrottle {
  private readonly addresses = new RateLimiterMemory({ keyPrefix: 'address', ...perAddress });
  private readonly accounts = new RateLimiterMemory({ keyPrefix: 'account', ...perAccount });
  private readonly familiar = new Set<string>();

  /** Counts an attempt. Rejects with {@link TooManyAttempts}. */
  async attempt(address: string, username: string): Promise<void> {
    await consume(this.addresses, addressKey(address));
    if (!this.familiar.has(familiarKey(address, username))) await consume(this.accounts, username.toLowerCase());
  }

  /** The attempt was right: it does not count. */
  async succeeded(address: string, username: string): Promise<void> {
    await this.addresses.reward(addressKey(address), 1);
    await this.accounts.reward(username.toLowerCase(), 1);
    // Bounded, oldest first; each entry took a right password.
    if (this.familiar.size >= 1_000) this.familiar.delete([...this.familiar][0] ?? '');
    this.familiar.add(familiarKey(address, username));
  }
}

function familiarKey(address: string, username: string): string {
  return `${addressKey(address)} ${username.toLowerCase()}`;
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    // The library rejects with its state when the points are used up.
    if (refusal instanceof RateLimiterRes)
      throw new TooManyAttempts(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    throw refusal;
  }
}
