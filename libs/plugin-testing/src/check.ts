/** One thing that is checked; `run` throws or rejects when it does not hold. */
export interface Check {
  readonly title: string;
  readonly run: () => void | Promise<void>;
}
