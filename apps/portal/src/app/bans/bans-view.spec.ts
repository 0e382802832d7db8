import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { type BanEvent, type UnbanEvent } from '../api/generated/models';
import { type LiveEvent } from '../api/live/events';
import { Live } from '../api/live/live';
import { BansView } from './bans-view';

const place = { country: null, asn: null, organisation: null } as const;
const ban = (address: string, bannedAt = 1000): BanEvent => ({
  id: 1,
  jail: 'web',
  address,
  at: bannedAt,
  bannedAt,
  duration: 600,
  expiresAt: bannedAt + 600_000,
  actor: null,
  ...place,
});
const unban = (address: string, at: number): UnbanEvent => ({
  id: 2,
  jail: 'web',
  address,
  at,
  cause: 'manual',
  actor: null,
  ...place,
});

describe('BansView', () => {
  afterEach(() => vi.useRealTimers());

  function start() {
    vi.useFakeTimers();
    const events = new Subject<LiveEvent>();
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), { provide: Live, useValue: { events } }],
    });
    const view = TestBed.runInInjectionContext(
      () =>
        new BansView(
          () => ({}),
          () => true,
        ),
    );
    const http = TestBed.inject(HttpTestingController);
    const answer = async (...items: readonly BanEvent[]): Promise<void> => {
      TestBed.tick();
      http.expectOne(({ url }) => url.endsWith('/bans')).flush({ items, nextCursor: null, total: items.length });
      await vi.advanceTimersByTimeAsync(0);
      TestBed.tick();
    };
    const shown = () => [view.list.items().map(({ address }) => address), view.total()];
    return { events, view, answer, shown };
  }

  it('keeps what was told when a list is read that does not have it yet', async () => {
    const { events, view, answer, shown } = start();
    await answer();
    events.next({ name: 'ban', data: ban('203.0.113.1') });
    expect(shown()).toEqual([['203.0.113.1'], 1]);
    view.list.refresh();
    await answer();
    expect(shown()).toEqual([['203.0.113.1'], 1]);
    view.list.refresh();
    await answer(ban('203.0.113.1'));
    expect(shown()).toEqual([['203.0.113.1'], 1]);
  });

  it('keeps what was told while the list was read', async () => {
    const { events, answer, shown } = start();
    TestBed.tick();
    events.next({ name: 'ban', data: ban('203.0.113.1') });
    await answer();
    expect(shown()).toEqual([['203.0.113.1'], 1]);
  });

  it('does not bring back what was told to be over, unless it was banned again', async () => {
    const { events, view, answer, shown } = start();
    await answer(ban('203.0.113.1'));
    events.next({ name: 'unban', data: unban('203.0.113.1', 2000) });
    expect(shown()).toEqual([[], 0]);
    view.list.refresh();
    await answer(ban('203.0.113.1'));
    expect(shown()).toEqual([[], 0]);
    view.list.refresh();
    await answer(ban('203.0.113.1', 3000));
    expect(shown()).toEqual([['203.0.113.1'], 1]);
  });

  it('believes the list after a while, and at once when it changed in other ways', async () => {
    const { events, view, answer, shown } = start();
    await answer();
    events.next({ name: 'ban', data: ban('203.0.113.1') });
    vi.advanceTimersByTime(10_001);
    view.list.refresh();
    await answer();
    expect(shown()).toEqual([[], 0]);
    events.next({ name: 'ban', data: ban('203.0.113.2') });
    events.next({ name: 'bans-changed', data: { jail: 'web', added: 0, removed: 1 } });
    await vi.advanceTimersByTimeAsync(1000);
    await answer();
    expect(shown()).toEqual([[], 0]);
  });
});
