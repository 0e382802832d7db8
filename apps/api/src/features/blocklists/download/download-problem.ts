/** Why a download did not succeed, as the run is marked. */
export type DownloadError = 'unreachable' | 'unauthorized' | 'rate-limited' | 'refused' | 'too-large' | 'malformed';

/** A download that ended badly; the message is for the administrator and holds no secret. */
export class DownloadProblem extends Error {
  override readonly name = 'DownloadProblem';
  readonly code: DownloadError;
  /** How long the publisher wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: DownloadError,
    message: string,
    { retryAfterMs, ...options }: ErrorOptions & { readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
