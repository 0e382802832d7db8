/** Longest text taken over from fail2ban into an error message, in UTF-16 units. */
const MAX_DETAIL = 500;

/** What every failure of this library has in common: a stable `code` to switch on. Texts may change, codes do not. */
export abstract class Fail2banError extends Error {
  abstract readonly code: string;
}

/** The server cannot be reached, or the connection was lost. */
export class Fail2banOffline extends Fail2banError {
  override readonly name = 'Fail2banOffline';
  readonly code = 'fail2ban-offline';
  /** Error number of the system (`ENOENT`, `EACCES`, ...) when it gave one. */
  readonly reason: string | undefined;
  /** Whether the command had been sent, so that fail2ban may have carried it out. */
  readonly sent: boolean;

  constructor(message: string, options: { reason?: string | undefined; sent?: boolean; cause?: unknown } = {}) {
    super(options.sent ? `${message} fail2ban may have carried the command out.` : message, { cause: options.cause });
    this.reason = options.reason;
    this.sent = options.sent ?? false;
  }
}

/** No answer within the limit of the command. */
export class Fail2banTimeout extends Fail2banError {
  override readonly name = 'Fail2banTimeout';
  readonly code = 'fail2ban-timeout';
  /** The limit that was passed, in milliseconds. */
  readonly limitMs: number;
  /** Whether the command had been sent, so that fail2ban may still carry it out. */
  readonly sent: boolean;
  /** How long fail2ban had for it, in milliseconds: less than the limit where it waited for its turn, 0 when it was not sent. */
  readonly workedMs: number;

  constructor(command: string, limitMs: number, sent: boolean, workedMs = sent ? limitMs : 0) {
    super(
      sent
        ? `fail2ban did not answer "${command}" within ${limitMs} ms. It may still carry the command out.`
        : `"${command}" waited ${limitMs} ms for its turn or for a connection and was not sent.`,
    );
    this.limitMs = limitMs;
    this.sent = sent;
    this.workedMs = workedMs;
  }
}

/** The caller's AbortSignal ended the command. */
export class Fail2banAborted extends Fail2banError {
  /** The name by which aborted operations are known on the web platform. */
  override readonly name = 'AbortError';
  readonly code = 'fail2ban-aborted';
  /** Whether the command had been sent, so that fail2ban may still carry it out. */
  readonly sent: boolean;

  constructor(command: string, sent: boolean, cause: unknown) {
    super(
      sent
        ? `"${command}" was aborted after it had been sent. fail2ban may still carry it out.`
        : `"${command}" was aborted before it was sent. Nothing happened.`,
      { cause },
    );
    this.sent = sent;
  }
}

/** fail2ban answered with an exception. */
export class Fail2banRefused extends Fail2banError {
  override readonly name = 'Fail2banRefused';
  readonly code = 'fail2ban-refused';
  /** Class name of the Python exception, such as `UnknownJailException`. */
  readonly exception: string;
  /** Its text, at most 500 characters, without control characters. Comes from fail2ban: treat it as text, never as markup. */
  readonly detail: string;

  constructor(command: string, exception: string, detail: string) {
    const name = boundedText(exception);
    const text = boundedText(detail);
    super(`fail2ban refused "${command}": ${text === '' ? name : `${name}: ${text}`}`);
    this.exception = name;
    this.detail = text;
  }

  /** Whether the refusal means that there is no such jail in the server. */
  get isUnknownJail(): boolean {
    return this.exception === 'UnknownJailException';
  }
}

/** An argument is not of its type. Nothing was sent to fail2ban. */
export class BadArgument extends Fail2banError {
  override readonly name = 'BadArgument';
  readonly code = 'bad-argument';
  /** Name of the argument, such as `jail` or `bantime`. */
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.field = field;
  }
}

/** The bytes or the shape of an answer are not what fail2ban sends. */
export class AnswerNotUnderstood extends Fail2banError {
  override readonly name = 'AnswerNotUnderstood';
  readonly code = 'fail2ban-answer';
}

/** Makes hostile text fit for a log line: one line, bounded, well-formed. */
function boundedText(text: string): string {
  const line = text
    .slice(0, MAX_DETAIL)
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ');
  return text.length > MAX_DETAIL ? `${line}…` : line;
}
