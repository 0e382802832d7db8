/** BanGUI cannot start, and a person can do something about it. The message is one sentence per line for the log. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartRefused';
  }
}
