import { Subject, throwError, of, type Observable } from 'rxjs';
import { type HistoryPage, type HistoryRecord } from '../api/generated/models';
import { HistoryRows } from './history-rows';

const record = (id: number): HistoryRecord => ({
  id,
  jail: 'sshd',
  address: '203.0.113.1',
  action: 'ban',
  at: id,
  failedAt: null,
  duration: 600,
  banCount: 1,
  failures: 3,
  matches: [],
  origin: 'selfblock',
  cause: null,
  actor: null,
  reason: null,
  country: null,
  asn: null,
  organisation: null,
});

/** An archive with events `total` to 1, read in pages of 100. */
function archive(total: number) {
  const asked: (string | null)[] = [];
  const read = (cursor: string | null): Observable<HistoryPage> => {
    asked.push(cursor);
    const newest = cursor === null ? total : Number(cursor);
    const items = Array.from({ length: Math.min(100, newest) }, (_, index) => record(newest - index));
    const next = newest - items.length;
    return of({ items, nextCursor: next > 0 ? String(next) : null });
  };
  return { asked, rows: new HistoryRows(read) };
}

describe('HistoryRows', () => {
  it('reads a page at a time, ahead of what is looked at, to the end', () => {
    const { rows, asked } = archive(250);
    expect(rows.isReady()).toBe(false);
    rows.start();
    expect(rows.count()).toBe(100);
    rows.look(0, 30);
    expect(asked).toHaveLength(1);
    rows.look(30, 60);
    expect(rows.count()).toBe(200);
    rows.look(150, 200);
    expect(rows.count()).toBe(250);
    expect(rows.isEnd()).toBe(true);
    expect(rows.slice(245, 260).map((row) => row?.id)).toEqual([5, 4, 3, 2, 1]);
    rows.look(220, 250);
    expect(asked).toHaveLength(3);
  });

  it('keeps only what is near in memory and reads it again on the way back', () => {
    const { rows, asked } = archive(10_000);
    rows.start();
    for (let start = 0; start < 9900; start += 50) rows.look(start, start + 40);
    expect(rows.count()).toBe(10_000);
    const inMemory = rows.slice(0, 10_000).filter((row) => row !== undefined).length;
    expect(inMemory).toBeLessThanOrEqual(2700);
    const before = asked.length;
    rows.look(5000, 5040);
    expect(asked.length).toBe(before + 1);
    expect(rows.slice(5000, 5003).map((row) => row?.id)).toEqual([5000, 4999, 4998]);
    expect(rows.count()).toBe(10_000);
    rows.look(0, 40);
    expect(rows.slice(0, 2).map((row) => row?.id)).toEqual([10_000, 9999]);
  });

  it('puts new events before all others', () => {
    const { rows } = archive(250);
    rows.start();
    rows.prepend([record(252), record(251)]);
    expect(rows.slice(0, 3).map((row) => row?.id)).toEqual([252, 251, 250]);
    expect(rows.count()).toBe(102);
  });

  it('goes on with a slow search by itself for a while, then waits for a person', () => {
    let pages = 0;
    const rows = new HistoryRows((cursor) => {
      pages += 1;
      const at = cursor === null ? 1_000_000 : Number(cursor);
      return of({ items: [], nextCursor: String(at - 1000), scannedUntil: at - 1000 });
    });
    rows.start();
    rows.look(0, 40);
    const alone = pages;
    expect(alone).toBeGreaterThan(3);
    expect(alone).toBeLessThan(30);
    expect(rows.isPaused()).toBe(true);
    expect(rows.scannedUntil()).toBe(1_000_000 - alone * 1000);
    rows.goOn();
    expect(pages).toBe(alone * 2);
    expect(rows.scannedUntil()).toBe(1_000_000 - pages * 1000);
  });

  it('says a problem and goes on after it where it was', () => {
    let isBroken = false;
    const { rows: whole } = archive(1);
    expect(whole.problem()).toBeNull();
    const rows = new HistoryRows((cursor) =>
      isBroken
        ? throwError(() => new Error('gone'))
        : of({ items: [record(cursor === null ? 2 : 1)], nextCursor: cursor === null ? '1' : null }),
    );
    isBroken = true;
    rows.start();
    expect(rows.problem()?.code).toBe('unexpected');
    expect(rows.isReady()).toBe(false);
    isBroken = false;
    rows.goOn();
    rows.look(0, 10);
    expect(rows.problem()).toBeNull();
    expect(rows.count()).toBe(2);
  });

  it('takes no answer to a question that is no longer asked', () => {
    const answers: Subject<HistoryPage>[] = [];
    const rows = new HistoryRows(() => {
      const answer = new Subject<HistoryPage>();
      answers.push(answer);
      return answer;
    });
    rows.start();
    rows.start();
    answers[0]?.next({ items: [record(1)], nextCursor: null });
    expect(rows.isReady()).toBe(false);
    answers[1]?.next({ items: [record(2)], nextCursor: null });
    expect(rows.slice(0, 9).map((row) => row?.id)).toEqual([2]);
  });
});
