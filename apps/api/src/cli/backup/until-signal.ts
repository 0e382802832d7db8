/** Ends with the work it is for. */
export interface WatchedSignals extends Disposable {
  /** Aborted by the first SIGINT or SIGTERM, so that what was begun is tidied up before the process ends. */
  readonly signal: AbortSignal;
}

/** Watches the signals that ask this process to end, until it is disposed of. */
export function untilSignal(): WatchedSignals {
  const ending = new AbortController();
  const names = ['SIGINT', 'SIGTERM'] as const;
  const end = (name: NodeJS.Signals): void => ending.abort(new Error(`It was ended by ${name}.`));
  for (const name of names) process.once(name, end);
  return {
    signal: ending.signal,
    [Symbol.dispose]: () => {
      for (const name of names) process.off(name, end);
    },
  };
}
