/** What keeps a command from being done; the message is for whoever gave it. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
