/** BanGUI cannot start, and a person can do something about it. The message is one sentence per line for the log. */
export class StartRefused extends Error {
  /** Status with which the process ends. */
  readonly exitCode: number;

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options);
    this.name = 'StartRefused';
    this.exitCode = exitCode;
  }
}
