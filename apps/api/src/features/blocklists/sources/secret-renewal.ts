import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../../../core/database/database.ts';
import { Log } from '../../../core/logging/log.ts';
import { logEvents } from '../../../core/logging/log-events.ts';
import { type SecretBox, SecretUnreadable } from '../../../core/secrets/secret-box.ts';
import { SourcesRepository } from '../store/sources.repository.ts';
import { secretsLock, SourceSecrets } from './source-secrets.ts';

/** What came of sealing everything anew. */
export interface Renewed {
  /** Sources whose secrets were sealed anew. */
  readonly sources: number;
  /** Those whose secrets cannot be opened with any key; they stay as they are. */
  readonly unreadable: readonly { readonly id: string; readonly name: string; readonly error: SecretUnreadable }[];
}

/** What a rotation has done so far, in order. */
export type RotationStep =
  | { readonly step: 'key-added'; readonly keyId: string }
  | { readonly step: 'sealed'; readonly keyId: string; readonly renewed: Renewed }
  | { readonly step: 'old-keys-dropped' };

/** Keeps every secret of sources sealed with the key that seals now. */
@Injectable()
export class SecretRenewal implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly sources: SourcesRepository,
    private readonly secrets: SourceSecrets,
    private readonly log: Log,
  ) {}

  /** After a change of the key every secret is sealed anew, so that the old key can go. */
  async onApplicationBootstrap(): Promise<void> {
    for (const { id, error } of (await this.renew()).unreadable) {
      // The source then fails with the same reason when it is imported, where an administrator sees it.
      this.log.error(logEvents.secretUnreadable, { source: id, error });
    }
  }

  /** Seals everything with the key that seals now, in one transaction. */
  renew(): Promise<Renewed> {
    return this.database.write(async (manager) => {
      await this.database.exclusively(manager, secretsLock);
      const unreadable: Renewed['unreadable'][number][] = [];
      let sources = 0;
      for (const { id, name, secrets } of await this.sources.all(manager)) {
        try {
          const renewed = this.secrets.renewed(id, secrets);
          if (!renewed) continue;
          await this.sources.change(manager, id, { secrets: renewed });
          sources += 1;
        } catch (error) {
          if (!(error instanceof SecretUnreadable)) throw error;
          unreadable.push({ id, name, error });
        }
      }
      return { sources, unreadable };
    });
  }

  /**
   * Seals everything with another key, step by step; after each of them, and in the midst of each, every secret can be
   * opened. Keys of the environment are not ours to change: there only the second step is taken.
   */
  async *rotate(box: SecretBox): AsyncGenerator<RotationStep, void, undefined> {
    const { keyFile } = box;
    // Whoever seals does so inside of a transaction under the same lock, with the keys as they are then.
    if (keyFile) {
      await this.locked(() => keyFile.add());
      yield { step: 'key-added', keyId: box.keyIds[0] };
    }
    const renewed = await this.renew();
    yield { step: 'sealed', keyId: box.keyIds[0], renewed };
    if (!keyFile || renewed.unreadable.length > 0) return;
    const isDropped = await this.locked(async (isAllCurrent) => {
      // Another rotation may have added a key since.
      if (await isAllCurrent()) await keyFile.keepFirst();
      return isAllCurrent();
    });
    if (isDropped) yield { step: 'old-keys-dropped' };
  }

  private locked<T>(work: (isAllCurrent: () => Promise<boolean>) => Promise<T>): Promise<T> {
    return this.database.write(async (manager) => {
      await this.database.exclusively(manager, secretsLock);
      return work(async () =>
        (await this.sources.all(manager)).every(({ id, secrets }) => this.secrets.renewed(id, secrets) === undefined),
      );
    });
  }
}
