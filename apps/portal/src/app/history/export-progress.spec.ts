import { exportCounter, exportShare } from './export-progress';

const count = (format: 'csv' | 'json' | 'ndjson', text: string, step: number) => {
  const counter = exportCounter(format);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += step) counter.take(bytes.slice(at, at + step));
  return { rows: counter.rows, lastAt: counter.lastAt, isCut: counter.isCut };
};
const AT = 1_790_000_000_000;
const HOSTILE = 'a "quoted", {brace} [list] \\ and\n#cut,new line {"at":1111111111111,"cut":{}}';

describe('exportCounter', () => {
  for (const step of [1, 7, 10_000]) {
    it(`counts events whatever stands in their log lines, in pieces of ${String(step)} bytes`, () => {
      const events = [AT, AT - 1000, AT - 2000].map((at) => ({ id: 1, at, matches: [HOSTILE, ''], x: { y: [{}] } }));
      const expected = { rows: 3, lastAt: AT - 2000, isCut: false };
      expect(count('ndjson', events.map((event) => `${JSON.stringify(event)}\n`).join(''), step)).toEqual(expected);
      expect(count('json', JSON.stringify(events), step)).toEqual(expected);
      expect(count('json', JSON.stringify({ items: events }), step)).toEqual(expected);
      const csv = events.map((event) => `1,${String(event.at)},"${HOSTILE.replaceAll('"', '""')}"\r\n`).join('');
      expect(count('csv', `\ufeffid,at,matches\r\n${csv}`, step)).toEqual(expected);
    });
  }

  it('reads times in words as well', () => {
    expect(count('csv', 'at,jail\n2026-11-22T13:00:00.000Z,sshd\n', 9).lastAt).toBe(Date.UTC(2026, 10, 22, 13));
  });

  it('knows the record that says that events were left out from an event', () => {
    const expected = { rows: 2, lastAt: AT, isCut: true };
    const event = JSON.stringify({ id: 7, at: AT, matches: [HOSTILE] });
    const cut = '{"rows":2,"lastBanId":7}';
    expect(count('ndjson', `${event}\n${event}\n{"cut":${cut}}\n`, 5)).toEqual(expected);
    expect(count('json', `{"items":[\n${event},\n${event}\n],"cut":${cut}}\n`, 5)).toEqual(expected);
    const line = `7,${new Date(AT).toISOString()}\r\n`;
    expect(count('csv', `id,at\r\n${line}${line}#cut,"Stopped after 2 events."\r\n`, 5)).toEqual(expected);
    expect(count('json', `{"items":[\n${event}\n],"cut":null}\n`, 5)).toMatchObject({ rows: 1, isCut: false });
  });

  it('has counted nothing before the first event', () => {
    expect(count('csv', 'id,at\n', 3)).toEqual({ rows: 0, lastAt: null, isCut: false });
    expect(count('json', '[', 1)).toEqual({ rows: 0, lastAt: null, isCut: false });
  });
});

describe('exportShare', () => {
  const asked = { from: 0, to: 1000, maxRows: 100 };

  it('is how far back it has come, or how near the most rows are', () => {
    expect(exportShare({ rows: 10, lastAt: 600 }, asked)).toBe(0.4);
    expect(exportShare({ rows: 80, lastAt: 600 }, asked)).toBe(0.8);
    expect(exportShare({ rows: 500, lastAt: -99 }, asked)).toBe(1);
  });

  it('is not known when nothing tells', () => {
    expect(exportShare({ rows: 0, lastAt: null }, asked)).toBeNull();
    expect(exportShare({ rows: 50, lastAt: null }, asked)).toBe(0.5);
    expect(exportShare({ rows: 0, lastAt: 500 }, { ...asked, from: undefined })).toBeNull();
  });
});
