import { HistoryRepository, type StoredEvent } from '../src/features/history/index.ts';
import { type RunningApi } from './harness.ts';

/** Events that one look at an archive under test may have. */
const most = 200_000;

/** Everything the archive has, oldest first, without waiting. */
export async function archived(api: Pick<RunningApi, 'app'>): Promise<StoredEvent[]> {
  const repository = api.app.get(HistoryRepository, { strict: false });
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await repository.storedAfter(all.at(-1)?.id ?? 0, 5_000);
    all.push(...page);
    if (page.length < 5_000 || all.length > most) return all;
  }
}

/** `ban web 192.0.2.1`: what a test compares. */
export function told({ action, jail, address }: Pick<StoredEvent, 'action' | 'jail' | 'address'>): string {
  return `${action} ${jail} ${address}`;
}
