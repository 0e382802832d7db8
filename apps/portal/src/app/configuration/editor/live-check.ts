/** How long nothing must be typed before it is checked, milliseconds. */
const PAUSE_MS = 400;

/**
 * Checks what is typed: after a pause, never two at a time, and only the answer to the newest question is told. A question that
 * was overtaken while another was under way is not asked at all.
 */
export class LiveCheck<Q, A> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private newest: { readonly question: Q } | undefined;
  /** What is to be asked next: its pause is over. */
  private due: { readonly question: Q } | undefined;
  private isAsking = false;

  /** `answered` gets the answer to the newest question, `failed` why there is none. */
  constructor(
    private readonly check: (question: Q) => Promise<A>,
    private readonly answered: (answer: A) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Asks this once nothing further is typed. */
  ask(question: Q): void {
    const asked = { question };
    this.newest = asked;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.due = asked;
      if (!this.isAsking) void this.askDue();
    }, PAUSE_MS);
  }

  /** Asks nothing more and tells nothing more. */
  stop(): void {
    clearTimeout(this.timer);
    this.newest = undefined;
    this.due = undefined;
  }

  private async askDue(): Promise<void> {
    this.isAsking = true;
    for (let asked = this.due; asked; asked = this.due) {
      this.due = undefined;
      // Whatever keeps a check from being made, typing goes on.
      try {
        const answer = await this.check(asked.question);
        if (asked === this.newest) this.answered(answer);
      } catch (error) {
        if (asked === this.newest) this.failed(error);
      }
    }
    this.isAsking = false;
  }
}
