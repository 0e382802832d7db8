import { textRuns } from './text-runs';

/** Hostile text for places that take no elements, as titles and sentences: what must not act stands by its name. */
export function plainText(text: string): string {
  return textRuns(text, { keepsLines: false })
    .map((run) => (run.isControl ? `[${run.text}]` : run.text))
    .join('');
}
