/** Matched lines kept of one event. */
const maxMatches = 100;
/** Longest matched line kept, in bytes of UTF-8. */
const maxMatchBytes = 8_192;
/** Matched lines kept of one event in all, in bytes of UTF-8: a page of 200 events has to fit into memory many times. */
const maxMatchesBytes = 65_536;

const encoder = new TextEncoder();
const scratch = new Uint8Array(maxMatchBytes);

/** Of the type only, so that no other text is taken for one. */
declare const isKept: unique symbol;

/**
 * Matched lines as the archive keeps them: cut, and as the JSON of its column. They are one text from the thread that reads
 * them to the one that writes them: a hundred thousand bans with some lines each would otherwise be half a million texts.
 */
export type KeptMatches = string & { readonly [isKept]: true };

/** The lines as they are kept. */
export function keptMatches(matches: readonly string[]): KeptMatches {
  return JSON.stringify(cutMatches(matches)) as KeptMatches;
}

/** Of an event without lines. */
export const noMatches = keptMatches([]);

/**
 * What is too long or too many is cut, and the cut is marked with `…`. Everything else stays
 * as it is, control characters and lone surrogates too: JSON escapes both.
 */
function cutMatches(matches: readonly string[]): string[] {
  const kept: string[] = [];
  let bytes = 0;
  for (const match of matches.slice(0, maxMatches)) {
    const line = cutMatch(match);
    bytes += Buffer.byteLength(line);
    if (bytes > maxMatchesBytes) break;
    kept.push(line);
  }
  const left = matches.length - kept.length;
  if (left > 0) kept.push(`… (${left} more lines)`);
  return kept;
}

function cutMatch(match: string): string {
  // No character takes less than a byte, so anything longer has to be cut; this also keeps a huge text out of the encoder.
  const { read, written } = encoder.encodeInto(match.slice(0, maxMatchBytes), scratch);
  const fits = match.length <= maxMatchBytes && read === match.length && written <= maxMatchBytes;
  return fits ? match : `${match.slice(0, Math.min(read, maxMatchBytes))}… (${match.length - read} more characters)`;
}
