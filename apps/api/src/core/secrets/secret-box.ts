import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Settings } from '../config/settings.ts';
import { KeyFile, keyFileOf } from './key-file.ts';

/** Bytes of the nonce of a sealed text; it is random, and 2^32 texts under one key are safe. */
const nonceBytes = 12;
const tagBytes = 16;
/** Keeps sealed texts of one purpose from being used for another. */
const version = 'v1';

/** A sealed text cannot be opened: its key is gone, or somebody has changed it. */
export class SecretUnreadable extends Error {
  constructor(keyId: string, options?: ErrorOptions) {
    super(
      `A secret that was sealed with the key ${keyId} cannot be opened with those that there are: those of BANGUI_SECRET_KEY, or of the file secret-key beside the database.`,
      options,
    );
    this.name = 'SecretUnreadable';
  }
}

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * Seals secrets before they go into the database, with AES-256-GCM. A sealed text names its key, so that keys can be
 * changed: the first one seals, all of them open.
 */
@Injectable()
export class SecretBox {
  /** Where the keys are when the environment names none. */
  readonly keyFile: KeyFile | undefined;
  private readonly keys: () => readonly [Key, ...Key[]];

  /** @param source the keys, of which the first one seals; those of a file are read anew each time, because they may be rotated */
  constructor(source: readonly [string, ...string[]] | KeyFile) {
    if (source instanceof KeyFile) {
      this.keyFile = source;
      this.keys = () => keysOf(source.read());
    } else {
      const keys = keysOf(source);
      this.keys = () => keys;
    }
  }

  /** Opens the box with the keys of the environment; without any it makes one and keeps it beside the database. */
  static async open({ secretKey, databasePath }: Pick<Settings, 'secretKey' | 'databasePath'>): Promise<SecretBox> {
    const [first, ...others] = secretKey;
    if (first !== undefined) return new SecretBox([first, ...others]);
    return new SecretBox(await KeyFile.open(keyFileOf(databasePath)));
  }

  /** Names of the keys, the one that seals first. They give nothing away of the keys. */
  get keyIds(): readonly [string, ...string[]] {
    const [first, ...others] = this.keys();
    return [first.id, ...others.map(({ id }) => id)];
  }

  /** Seals a text. `purpose` must be the same when it is opened: a sealed text moved elsewhere is worth nothing. */
  seal(text: string, purpose: string): string {
    const [key] = this.keys();
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce);
    cipher.setAAD(Buffer.from(purpose, 'utf8'));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${version}.${key.id}.${sealed.toString('base64url')}`;
  }

  /** Opens what {@link seal} made. @throws {SecretUnreadable} */
  open(sealed: string, purpose: string): string {
    const [, keyId = '', data = ''] = sealed.split('.');
    const key = this.keys().find(({ id }) => id === keyId);
    const bytes = Buffer.from(data, 'base64url');
    if (!key || bytes.length < nonceBytes + tagBytes) throw new SecretUnreadable(keyId.slice(0, 16));
    const cipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, nonceBytes));
    cipher.setAAD(Buffer.from(purpose, 'utf8'));
    cipher.setAuthTag(bytes.subarray(-tagBytes));
    try {
      return cipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + cipher.final('utf8');
    } catch (error) {
      // The tag does not fit: it was changed, or sealed for another purpose.
      throw new SecretUnreadable(key.id, { cause: error });
    }
  }

  /** Whether a sealed text was made with the key that seals now. */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(`${version}.${this.keyIds[0]}.`);
  }
}

function keysOf([first, ...others]: readonly [string, ...string[]]): [Key, ...Key[]] {
  return [keyOf(first), ...others.map(keyOf)];
}

function keyOf(text: string): Key {
  const bytes = Buffer.from(hkdfSync('sha256', text, '', 'bangui secrets', 32));
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}
