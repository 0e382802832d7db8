/** A day in milliseconds. */
const dayMs = 86_400_000;

/** Days that are looked at together. */
const daysAtOnce = 7;

/** Zones that are kept; there are about 600 names in all. */
const maxZones = 50;

const zones = new Map<string, TimeZone>();

/** When days begin somewhere on earth, by the time zone data of the runtime. */
export class TimeZone {
  private constructor(private readonly format: Intl.DateTimeFormat) {}

  /** Undefined when there is no zone of this IANA name. */
  static of(name: string): TimeZone | undefined {
    const known = zones.get(name);
    if (known) return known;
    try {
      const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
        timeZone: name,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
      const zone = new TimeZone(format);
      const [oldest] = zones.keys();
      if (zones.size >= maxZones && oldest !== undefined) zones.delete(oldest);
      zones.set(name, zone);
      return zone;
    } catch {
      // The runtime throws a RangeError for a name it does not know; the name comes from outside.
      return undefined;
    }
  }

  /** What clocks there show at an instant, as if it were UTC; both in epoch milliseconds. */
  localTime(instant: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.format.formatToParts(instant)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  /** How far clocks there are ahead of UTC at an instant, in milliseconds. */
  offset(instant: number): number {
    const whole = instant - (instant % 1_000);
    return this.localTime(whole) - whole;
  }

  /**
   * The instant at which a local day begins; `day` is its midnight as if it were UTC. Where clocks skip midnight it is the
   * first moment of the day, where they show it twice the second one.
   */
  startOfDay(day: number): number {
    // Whatever the offset is, it is the one of a day before or of a day after.
    const candidates = [day - this.offset(day - dayMs), day - this.offset(day + dayMs)];
    const inDay = candidates.filter((instant) => startOfUtcDay(this.localTime(instant)) === day);
    const midnights = inDay.filter((instant) => this.localTime(instant) === day);
    if (midnights.length > 0) return Math.max(...midnights);
    return inDay.length > 0 ? Math.min(...inDay) : Math.min(...candidates);
  }

  /** Beginnings of the days from the one an instant is in to the first that begins at or after the end. */
  daysBetween(from: number, to: number): number[] {
    const starts: number[] = [];
    for (let week = startOfUtcDay(this.localTime(from)); ; week += daysAtOnce * dayMs) {
      // Asking the runtime is slow. No zone changes its clocks twice within a week or so.
      const offset = this.offset(week - dayMs);
      const isEven = offset === this.offset(week + daysAtOnce * dayMs);
      for (let day = week; day < week + daysAtOnce * dayMs; day += dayMs) {
        const start = isEven ? day - offset : this.startOfDay(day);
        starts.push(start);
        if (start >= to) return starts;
      }
    }
  }
}

function startOfUtcDay(time: number): number {
  return Math.floor(time / dayMs) * dayMs;
}
