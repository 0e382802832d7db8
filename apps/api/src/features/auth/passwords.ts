import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Argon2Thread } from './argon2-thread.ts';
import { PasswordRefused, TooManyAttempts } from './auth.errors.ts';

/**
 * OWASP's first choice for argon2id: 46 MiB, 1 pass, 1 lane. About 40 ms on a small machine. It is as strong as 19 MiB with 2
 * passes, and more than the 32 MiB from which on glibc gives memory back to the system as soon as it is free.
 *
 * Tests of other things provide a lower one; no setting does.
 */
export class PasswordCost {
  /** KiB. */
  readonly memory: number = 47_104;
  readonly passes: number = 1;
  readonly parallelism: number = 1;
}

/** Bytes of a tag. */
const tagLength = 32;
/** Bytes of salt. */
const saltLength = 16;

/** Hashes waiting at most; the address limits stop a single attacker long before. */
const maxWaiting = 50;

interface ParsedHash {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** Reads a PHC string; undefined when it is not one of ours. */
function parseHash(text: string): ParsedHash | undefined {
  const match = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
    text,
  );
  if (!match) return undefined;
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

/** Composed and decomposed spellings of a character are one password (RFC 8265). */
const messageOf = (password: string): Buffer => Buffer.from(password.normalize('NFC'), 'utf8');

/** Throws {@link PasswordRefused} for a password that is too easy to guess here. Length is the DTO's rule. */
export function checkPassword(password: string, username: string, field: 'password' | 'newPassword'): void {
  if (password.toLowerCase() === username.toLowerCase()) {
    throw new PasswordRefused({ field, message: 'must not be the user name', code: 'password-is-username' });
  }
  if (new Set(password).size < 4) {
    const message = 'must have at least four different characters';
    throw new PasswordRefused({ field, message, code: 'password-too-uniform' });
  }
}

/**
 * Hashes passwords with argon2id, one at a time: each takes 46 MiB, and a burst of sign-ins must not cost more memory
 * than one.
 */
@Injectable()
export class Passwords implements OnModuleDestroy {
  private readonly thread = new Argon2Thread();
  private tail: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private readonly cost: PasswordCost;
  /** Stands in for the hash of a user who does not exist, so that the answer takes as long. */
  private readonly dummy: ParsedHash;

  constructor(@Optional() @Inject(PasswordCost) cost?: PasswordCost) {
    this.cost = cost ?? new PasswordCost();
    this.dummy = { ...this.cost, salt: randomBytes(saltLength), tag: randomBytes(tagLength) };
  }

  /** The PHC string of a password. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltLength);
    const tag = await this.inTurn(() =>
      this.thread.derive({ ...this.cost, tagLength, message: messageOf(password), nonce: salt }),
    );
    const { memory, passes, parallelism } = this.cost;
    return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
  }

  /** Whether the password has this hash. Without a hash it does the same work and says no. */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    const parsed = hash === undefined ? undefined : parseHash(hash);
    const { salt, tag, ...costs } = parsed ?? this.dummy;
    const actual = await this.inTurn(() =>
      this.thread.derive({ ...costs, tagLength: tag.length, message: messageOf(password), nonce: salt }),
    );
    return timingSafeEqual(actual, tag) && parsed !== undefined;
  }

  async onModuleDestroy(): Promise<void> {
    await this.thread.end();
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting >= maxWaiting) throw new TooManyAttempts(2);
    this.waiting += 1;
    const result = this.tail.then(work);
    this.tail = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      this.waiting -= 1;
    }
  }
}
