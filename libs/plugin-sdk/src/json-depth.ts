import { MalformedFeed } from './malformed-feed.ts';

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Parses a text after its nesting is known to be bounded, so that code which walks the value cannot run out of stack.
 * @throws MalformedFeed for text that is no JSON or nested deeper than `maxDepth`
 */
export function parseBounded(text: string, maxDepth: number): unknown {
  if (isDeeper(text, maxDepth)) throw new MalformedFeed(`The JSON is nested deeper than ${maxDepth} levels.`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new MalformedFeed('This is no JSON.', { cause: error });
  }
}

function isDeeper(text: string, maxDepth: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) {
      isInString = true;
    } else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === 93 || code === 125) {
      depth -= 1;
    }
  }
  return false;
}
