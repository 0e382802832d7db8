/** Regular expressions as they stand in a filter, with fail2ban's tags (`<HOST>`, `<F-USER>` ...). */
export interface FreeRegexes {
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  /** `null`: none. */
  readonly prefregex: string | null;
  /** `null`: fail2ban's own patterns. */
  readonly datepattern: string | null;
  /** Lines that are tried together; `null`: one. */
  readonly maxlines: number | null;
}

/** A named group that took part in a match. */
export interface RegexLabGroup {
  /** fail2ban's name of it: `ip4`, `ip6`, `dns`, `user`, `mlfid` ... */
  readonly name: string;
  /** At most 500 characters. */
  readonly value: string;
  /** Where it is in the line, as of JavaScript's texts; `null` when it is known from a line before. */
  readonly start: number | null;
  readonly end: number | null;
}

/** What fail2ban makes of a line. */
export interface RegexLabLine {
  readonly outcome: 'matched' | 'missed' | 'ignored';
  /**
   * `ignoreregex`: one of these matched. `nofail`: a failregex matched that stands for no failure. `pending`: it belongs to a
   * failure whose address is not known yet. `name`: matched, but a host name was found, which fail2ban would look up. `null`
   * otherwise.
   */
  readonly because: 'ignoreregex' | 'nofail' | 'pending' | 'name' | null;
  /** Which failregex, or which ignoreregex where that is the reason; `null` for a missed line. */
  readonly regex: number | null;
  readonly host: string | null;
  /** Epoch milliseconds; `null` when no time was found, in which case fail2ban takes the time at which it reads the line. */
  readonly time: number | null;
  readonly groups: readonly RegexLabGroup[];
}

/** What came of a run. */
export interface RegexLabResult {
  /** Version of the fail2ban that did it. */
  readonly version: string;
  /** What was tried: of a filter, as fail2ban's reader gives it. */
  readonly definition: FreeRegexes;
  /** One for each line, in order. */
  readonly lines: readonly RegexLabLine[];
  /** Wall time in milliseconds, with the start of Python. */
  readonly tookMs: number;
}

/** What of a request cannot be used. */
export type RegexLabPart = 'filter' | 'failregex' | 'ignoreregex' | 'prefregex' | 'datepattern' | 'maxlines' | 'memory';

/** A part of the request cannot be used; the message has Python's or fail2ban's own words. */
export class RegexUnusable extends Error {
  readonly part: RegexLabPart;
  /** Which one of several; `null` when there is one, or it cannot be told. */
  readonly index: number | null;

  constructor(part: RegexLabPart, index: number | null, message: string) {
    super(message);
    this.name = 'RegexUnusable';
    this.part = part;
    this.index = index;
  }
}
