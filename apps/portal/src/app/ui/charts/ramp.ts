/** Steps of the colour ramp above "nothing". */
const STEPS = 5;

/**
 * The least counts of the second to the fifth step, from the largest count: round numbers with about the same factor
 * between them, because a few countries always have far more than all the others.
 */
export function rampThresholds(most: number): readonly number[] {
  const factor = Math.max(2, Math.max(1, most) ** (1 / STEPS));
  const thresholds: number[] = [];
  for (let step = 1; step < STEPS; step += 1) {
    // Never so high that a later step would be out of reach.
    const wanted = Math.min(roundNear(factor ** step), most - (STEPS - 1 - step));
    thresholds.push(Math.max(wanted, (thresholds.at(-1) ?? 1) + 1));
  }
  return thresholds;
}

/** Which of the six colours a count has: 0 is nothing, 5 the most. */
export function rampStep(count: number, thresholds: readonly number[]): number {
  if (count <= 0) return 0;
  return Math.min(STEPS, 1 + thresholds.filter((threshold) => count >= threshold).length);
}

/** The CSS colour of a step. */
export function rampPaint(step: number): string {
  return `var(--ramp-${String(step)})`;
}

/** To 1, 2 or 5 times a power of ten, whichever is nearest by factor. */
function roundNear(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return (lead < 1.4 ? 1 : lead < 3.2 ? 2 : lead < 7 ? 5 : 10) * power;
}
