/** Counts what passed and failed, one line each as it happens. */
export class Report {
  passed = 0;
  failed = 0;

  /** Runs one test; a failure is told and counted, and the next one goes on. @returns whether it passed */
  async test(name: string, work: () => Promise<string | undefined>): Promise<boolean> {
    const startedAt = performance.now();
    const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    try {
      const told = await work();
      this.passed += 1;
      console.log(`  ok      ${name} (${seconds()})${told === undefined ? '' : `\n          ${told}`}`);
      return true;
    } catch (error) {
      this.failed += 1;
      const cause = error instanceof Error && error.cause instanceof Error ? `\n          ${error.cause.message}` : '';
      console.log(`  FAILED  ${name} (${seconds()})\n          ${String(error)}${cause}`);
      return false;
    }
  }
}

/** @throws when the condition does not hold */
export function check(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}
