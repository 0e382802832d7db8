import { Network } from '@bangui/ip';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveEvent } from '../archive-event.ts';
import { keptMatches } from '../kept-matches.ts';
import { BanLedger } from './ban-ledger.ts';
import { type BanRow } from './ban-row.ts';
import { IntentFinder } from './intent-finder.ts';
import { banKey, type LastBan } from './last-ban.ts';

const text = '192.0.2.1';
const jail = 'web';
const seconds = 1_795_000_000;
/** Epoch milliseconds, so many seconds after the beginning. */
const at = (offset: number) => (seconds + offset) * 1000;

function network(address: string): Network {
  const parsed = Network.parse(address);
  if (!parsed) throw new Error(address);
  return parsed;
}
const address = network(text);

const row = (offset: number, change: Partial<BanRow> = {}): BanRow => ({
  rowid: 1,
  jail,
  address: text,
  failedAt: seconds + offset,
  duration: 600,
  banCount: 1,
  failures: 3,
  matches: keptMatches(['line']),
  ...change,
});

const summary = ({ action, at: time, cause }: ArchiveEvent): string =>
  [action, (time - at(0)) / 1000, ...(cause ? [cause] : [])].join(' ');

describe('BanLedger', () => {
  let ledger: BanLedger;
  const events = () => ledger.events.map(summary);
  /** As the next turn begins: with what is known by now, and no events. */
  const nextTurn = (before = ledger) => {
    const known = new Map<string, LastBan>(before.changes.map((last) => [banKey(last.jail, last.address), last]));
    return new BanLedger(known, new IntentFinder([]));
  };
  beforeEach(() => {
    ledger = new BanLedger(new Map(), new IntentFinder([]));
  });

  describe('with a line and a row of one ban', () => {
    it('makes one event, at the time of the line, with what the row knows', () => {
      const rows = [row(0)];
      expect(ledger.lineBan(jail, address, at(0.4), ledger.rowOfLine(jail, text, at(0.4), rows))).toBe('event');
      expect(ledger.isNewRow(row(0), address)).toBe(false);
      expect(ledger.rowBan(row(0), address)).toBe('nothing');
      expect(ledger.events).toEqual([
        expect.objectContaining({
          at: at(0.4),
          failedAt: at(0),
          duration: 600,
          failures: 3,
          matches: keptMatches(['line']),
        }),
      ]);
    });

    it('takes a row that was rounded up to the next second', () => {
      expect(ledger.rowOfLine(jail, text, at(0.6), [row(1)])).toEqual(row(1));
      expect(ledger.rowOfLine(jail, text, at(0.4), [row(1)])).toBeUndefined();
    });

    it('makes one event when the row comes late', () => {
      ledger.lineBan(jail, address, at(0.4), undefined);
      ledger = nextTurn();
      expect(ledger.rowBan(row(0), address)).toBe('nothing');
    });

    it('completes the event with what a late row knows, once, and with no other row', () => {
      ledger.lineBan(jail, address, at(30.4), undefined);
      ledger = nextTurn();
      expect(ledger.rowBan(row(-100), address)).toBe('nothing');
      expect(ledger.completions).toEqual([]);
      expect(ledger.rowBan(row(29), address)).toBe('nothing');
      expect(ledger.rowBan(row(29), address)).toBe('nothing');
      expect(ledger.events).toEqual([]);
      expect(ledger.completions).toEqual([
        {
          jail,
          address: text,
          at: at(30.4),
          failedAt: at(29),
          duration: 600,
          banCount: 1,
          failures: 3,
          matches: keptMatches(['line']),
        },
      ]);
      expect(ledger.last(jail, text)).toMatchObject({ failedAt: seconds + 29, endsAt: at(629), source: 'log' });
    });

    it('makes one event when the line comes late', () => {
      ledger.rowBan(row(0), address);
      ledger = nextTurn();
      expect(ledger.lineBan(jail, address, at(30), row(0))).toBe('nothing');
      expect(ledger.lineBan(jail, address, at(30), undefined)).toBe('event');
    });

    it('matches in order when an address was banned again and again', () => {
      const rows = [row(1_400), row(700), row(0)];
      for (const time of [0.2, 700.9, 1_403]) {
        ledger.lineBan(jail, address, at(time), ledger.rowOfLine(jail, text, at(time), rows));
      }
      expect(ledger.events.filter(({ action }) => action === 'ban').map(({ failedAt }) => failedAt)).toEqual([
        at(0),
        at(700),
        at(1_400),
      ]);
    });

    it('knows the row of a ban that was lifted and made again within a second', () => {
      ledger.lineBan(jail, address, at(0.1), row(0));
      ledger.lineUnban(jail, address, at(0.3), null);
      expect(ledger.rowOfLine(jail, text, at(0.4), [row(0)])).toEqual(row(0));
      ledger.lineBan(jail, address, at(0.4), row(0));
      expect(ledger.isNewRow(row(0), address)).toBe(false);
      expect(events()).toEqual(['ban 0.1', 'unban 0.3 manual', 'ban 0.4']);
    });

    it('does not take the row of the ban before for that of a new one', () => {
      ledger.lineBan(jail, address, at(0.1), row(0));
      ledger.lineUnban(jail, address, at(601), row(0));
      expect(ledger.rowOfLine(jail, text, at(700), [row(0)])).toBeUndefined();
    });
  });

  describe('with the end of a ban', () => {
    beforeEach(() => ledger.lineBan(jail, address, at(0.1), row(0)));

    it.each([
      ['at its end', 600.2, row(0), 'expired'],
      ['with its row deleted', 100, null, 'manual'],
      ['with the row of a later ban', 100, row(102), 'manual'],
    ])('%s knows the cause', (_what, time, evidence, cause) => {
      expect(ledger.lineUnban(jail, address, at(time), evidence)).toBe('event');
      expect(events()).toEqual(['ban 0.1', `unban ${time} ${cause}`]);
    });

    it('is none when the row stays for the next start', () => {
      expect(ledger.lineUnban(jail, address, at(100), row(0))).toBe('silent');
      expect(ledger.lineRestore(jail, address)).toBe('silent');
      expect(events()).toEqual(['ban 0.1']);
      ledger.lineUnban(jail, address, at(601), row(0));
      expect(events()).toEqual(['ban 0.1', 'unban 601 expired']);
    });

    it('is told late when a new ban comes instead of the old one back', () => {
      ledger.lineUnban(jail, address, at(100), row(0));
      ledger.lineBan(jail, address, at(101), undefined);
      expect(events()).toEqual(['ban 0.1', 'unban 100 manual', 'ban 101']);
    });

    it('is its time when it was over before the next ban', () => {
      ledger.lineUnban(jail, address, at(100), row(0));
      ledger.lineBan(jail, address, at(5_000), row(5_000));
      expect(events()).toEqual(['ban 0.1', 'unban 600 expired', 'ban 5000']);
    });

    it('comes later when the ban was made longer', () => {
      ledger.lineIncrease(jail, address, at(1_200));
      ledger.lineUnban(jail, address, at(601), null);
      expect(events().at(-1)).toBe('unban 601 manual');
      ledger = new BanLedger(new Map(), new IntentFinder([]));
      ledger.lineBan(jail, address, at(0.1), row(0));
      ledger.lineIncrease(jail, address, at(1_200));
      ledger.lineUnban(jail, address, at(1_200.3), row(0));
      expect(events().at(-1)).toBe('unban 1200.3 expired');
    });

    it('is told once, whoever tells it first', () => {
      ledger.listEnd(jail, address, at(100), null);
      expect(ledger.lineUnban(jail, address, at(100), null)).toBe('nothing');
      expect(ledger.listEnd(jail, address, at(101), null)).toBe('nothing');
      expect(events()).toEqual(['ban 0.1', 'unban 100 manual']);
    });
  });

  describe('with lists only', () => {
    const listed = (offset: number, duration = 600) => ({ jail, address: text, failedAt: seconds + offset, duration });

    it('makes an event of each ban and each end', () => {
      ledger.listBan(listed(0), address);
      ledger.listEnd(jail, address, at(50), 'unknown');
      ledger.listBan(listed(60), address);
      ledger.listEnd(jail, address, at(661), 'unknown');
      expect(events()).toEqual(['ban 0', 'unban 50 unknown', 'ban 60', 'unban 660 expired']);
    });

    it('knows a ban again whose time was rounded, and one that came back', () => {
      ledger.listBan(listed(0), address);
      expect(ledger.listBan(listed(1), address)).toBe('nothing');
      expect(ledger.suspend(jail, address, at(10))).toBe('silent');
      expect(ledger.listBan(listed(1), address)).toBe('silent');
      expect(ledger.isNewRow(row(1), address)).toBe(false);
      expect(ledger.isNewRow(row(2), address)).toBe(true);
      expect(events()).toEqual(['ban 0']);
    });
  });

  describe('with a list that tells first, because everything else was slow', () => {
    const listed = { jail, address: text, failedAt: seconds, duration: 600 };

    it.each([0, 1])('knows the line and then the row again, whose time was rounded by %i s', (rounded) => {
      ledger.listBan(listed, address);
      expect(ledger.lineBan(jail, address, at(0.7), undefined)).toBe('nothing');
      expect(ledger.rowBan(row(rounded), address)).toBe('nothing');
      expect(ledger.rowBan(row(2), address)).toBe('event');
      expect(events()).toEqual(['ban 0', 'ban 2']);
    });

    it('knows line and row again when they come together, and the next ban as another one', () => {
      ledger.listBan(listed, address);
      expect(ledger.lineBan(jail, address, at(0.7), row(1))).toBe('nothing');
      expect(ledger.completions).toEqual([expect.objectContaining({ at: at(0), matches: keptMatches(['line']) })]);
      expect(ledger.rowBan(row(1), address)).toBe('nothing');
      ledger.lineUnban(jail, address, at(5), null);
      expect(ledger.lineBan(jail, address, at(6), row(6))).toBe('event');
      expect(events()).toEqual(['ban 0', 'unban 5 manual', 'ban 6']);
    });
  });

  describe('with people who asked BanGUI', () => {
    const intent = { jail, actor: 'alice', reason: 'because', from: at(10), until: at(12) };

    it('names who banned, and why', () => {
      ledger = new BanLedger(new Map(), new IntentFinder([{ ...intent, kind: 'ban', networks: [address] }]));
      ledger.lineBan(jail, address, at(11), row(11));
      ledger.lineBan(jail, network('192.0.2.2'), at(11), undefined);
      ledger.lineBan('ssh', address, at(11), undefined);
      expect(ledger.events.map(({ actor }) => actor)).toEqual(['alice', null, null]);
      expect(ledger.events[0]?.reason).toBe('because');
    });

    it('names who lifted it, also with all of a network, in the time of the operation only', () => {
      const intents = new IntentFinder([{ ...intent, kind: 'unban', jail: null, networks: [network('192.0.2.0/24')] }]);
      ledger = new BanLedger(new Map(), intents);
      for (const [last, time] of [
        [1, 11],
        [2, 60],
      ] as const) {
        ledger.lineBan(jail, network(`192.0.2.${last}`), at(0.1), row(0));
        ledger.lineUnban(jail, network(`192.0.2.${last}`), at(time), null);
      }
      const unbans = ledger.events.filter(({ action }) => action === 'unban');
      expect(unbans.map(({ cause, actor }) => [cause, actor])).toEqual([
        ['bangui', 'alice'],
        ['manual', null],
      ]);
    });
  });

  it('keeps bans and unbans of one millisecond apart', () => {
    for (let round = 0; round < 2; round += 1) {
      ledger.lineBan(jail, address, at(0.1), undefined);
      ledger.lineUnban(jail, address, at(0.1), null);
    }
    expect(ledger.events.map((event) => `${event.action} ${event.at - at(0)}`)).toEqual([
      'ban 100',
      'unban 100',
      'ban 101',
      'unban 101',
    ]);
  });

  it('says what came from a blocklist', () => {
    ledger.lineBan('blocklist-import', address, at(0), undefined);
    ledger.lineBan(jail, address, at(0), undefined);
    expect(ledger.events.map(({ origin }) => origin)).toEqual(['blocklist', 'selfblock']);
  });
});
