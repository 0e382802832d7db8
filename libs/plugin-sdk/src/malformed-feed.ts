/** What was downloaded is not the format the publisher documents. The host keeps the last good list and does not try again at once. */
export class MalformedFeed extends Error {
  override readonly name = 'MalformedFeed';
  /** Lets the host know this error when the plugin brought its own copy of the SDK. */
  readonly code = 'malformed';
}
