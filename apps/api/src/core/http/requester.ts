/** Who sent the request, as far as it was proven. */
export interface Requester {
  readonly userId: string;
  readonly username: string;
  readonly sessionId: string;
  /** The peer as seen through the trusted proxies; canonical text without a zone. */
  readonly address: string;
  /** The same id that is in the log and in the `X-Request-Id` header. */
  readonly requestId: string;
}
