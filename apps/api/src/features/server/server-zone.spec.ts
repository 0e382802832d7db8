import { afterEach, describe, expect, it } from 'vitest';
import { ServerZone } from './server-zone.ts';

const zoneOfTests = process.env['TZ'];

describe('ServerZone', () => {
  afterEach(() => {
    if (zoneOfTests === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zoneOfTests;
  });
  const utc = (text: string) => Date.parse(`${text}Z`);

  it('takes the zone of this process until it has measured another one', () => {
    process.env['TZ'] = 'Europe/Berlin';
    const zone = new ServerZone();
    expect(zone.momentOf(utc('2026-07-01T12:00:00'))).toEqual({ at: utc('2026-07-01T10:00:00'), isAmbiguous: false });
    expect(zone.momentOf(utc('2026-01-01T12:00:00'))).toEqual({ at: utc('2026-01-01T11:00:00'), isAmbiguous: false });
  });

  it('measures another zone, half hours too, and notices when it is the same again', () => {
    process.env['TZ'] = 'UTC';
    const zone = new ServerZone();
    zone.observe(utc('2026-07-01T17:30:00.200'), utc('2026-07-01T12:00:01'));
    expect(zone.offsetMinutes).toBe(330);
    expect(zone.momentOf(utc('2026-07-01T17:30:00'))).toEqual({ at: utc('2026-07-01T12:00:00'), isAmbiguous: false });
    zone.observe(utc('2026-07-01T12:05:00'), utc('2026-07-01T12:05:00'));
    expect(zone.offsetMinutes).toBeUndefined();
  });

  it('learns nothing from two times that are not of one moment', () => {
    process.env['TZ'] = 'UTC';
    const zone = new ServerZone();
    zone.observe(utc('2026-07-01T12:07:00'), utc('2026-07-01T12:00:00'));
    zone.observe(utc('2026-07-05T12:00:00'), utc('2026-07-01T12:00:00'));
    expect(zone.offsetMinutes).toBeUndefined();
  });

  it('says when the clock showed a time twice, and tells the two apart by what came before', () => {
    process.env['TZ'] = 'Europe/Berlin';
    const zone = new ServerZone();
    const repeated = utc('2026-10-25T02:30:00');
    expect(zone.momentOf(repeated)).toEqual({ at: utc('2026-10-25T00:30:00'), isAmbiguous: true });
    expect(zone.momentOf(repeated, utc('2026-10-25T00:20:00')).at).toBe(utc('2026-10-25T00:30:00'));
    expect(zone.momentOf(repeated, utc('2026-10-25T00:59:00')).at).toBe(utc('2026-10-25T01:30:00'));
    expect(zone.momentOf(utc('2026-10-25T03:30:00')).isAmbiguous).toBe(false);
  });

  it('places a time that the clock skipped somewhere near', () => {
    process.env['TZ'] = 'Europe/Berlin';
    const { at } = new ServerZone().momentOf(utc('2026-03-29T02:30:00'));
    expect(Math.abs(at - utc('2026-03-29T01:00:00'))).toBeLessThanOrEqual(3_600_000);
  });
});
