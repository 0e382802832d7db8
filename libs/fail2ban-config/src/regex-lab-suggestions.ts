import { type RegexNode, regexTree } from './regex-lab-tree.ts';

/** What a suggestion is about; stable, so that others can say it in their words. */
export type RegexSuggestionCode =
  /** Nothing ties the regex to the beginning of the line. */
  | 'unanchored'
  /** A greedy wildcard before the address: of several addresses in a line, the last one counts. */
  | 'greedy-before-host'
  /** Free text before the address, most often text that a client chooses. */
  | 'user-text-before-host';

/** A weakness that may let an attacker have somebody else banned. */
export interface RegexSuggestion {
  readonly code: RegexSuggestionCode;
  /** In English, for a person. */
  readonly message: string;
  /** Where in the regex it is, as of JavaScript's texts. */
  readonly position: number;
  readonly length: number;
}

const messages: Readonly<Record<RegexSuggestionCode, string>> = {
  unanchored:
    'Nothing ties this to the beginning of the message. Whoever can write text into the log, such as a user name, can write a whole line that matches and names an address of their choice. Begin with ^.',
  'greedy-before-host':
    'This takes as much as it can before the address, so the last address of the line counts. A client who can write text after the real address chooses who is banned. Say exactly what may stand there, or take as little as possible (.*?) and end with $.',
  'user-text-before-host':
    'Free text before the address: a client who chooses it can put an address of their choice there. Exclude what ends the text, for example [^"]*, or make what stands between it and the address impossible to forge.',
};

/** More than anybody reads. */
const maxSuggestions = 20;

/**
 * Looks at a failregex or prefregex, before fail2ban expands its tags, for what makes log injection possible. It reads the
 * regex's form only and knows no program's messages, so it may be wrong on either side.
 * @param isAnchoredElsewhere true for a failregex that is tried on what a prefregex leaves over
 */
export function suggestionsFor(regex: string, isAnchoredElsewhere = false): RegexSuggestion[] {
  const tree = regexTree(regex);
  const found: RegexSuggestion[] = [];
  const suggest = (code: RegexSuggestionCode, position: number, length: number): void => {
    if (found.length < maxSuggestions) found.push({ code, message: messages[code], position, length });
  };
  if (!isAnchoredElsewhere) {
    for (const branch of tree.branches) {
      if (isAnchored(branch)) continue;
      const first = branch.find(({ kind }) => kind !== 'empty');
      suggest('unanchored', first?.start ?? 0, first?.length ?? Math.min(1, regex.length));
    }
  }
  for (const branch of tree.branches) lookBeforeHost(branch, suggest);
  return found;
}

/** Whether every way through a branch begins with `^` or `\A`. */
function isAnchored(branch: readonly RegexNode[]): boolean {
  for (const node of branch) {
    if (node.kind === 'anchor') return true;
    // What takes no text may stand before it.
    if (node.kind === 'empty') continue;
    return node.kind === 'group' && node.min > 0 && node.branches.every(isAnchored);
  }
  return false;
}

type Suggest = (code: RegexSuggestionCode, position: number, length: number) => void;

/** Everything free before the address of a branch. Whether the branch has one. */
function lookBeforeHost(branch: readonly RegexNode[], suggest: Suggest): boolean {
  const hostAt = branch.findIndex(holdsHost);
  if (hostAt < 0) return false;
  for (const node of branch.slice(0, hostAt)) lookAtText(node, suggest, false);
  const host = branch[hostAt];
  if (host?.kind === 'group') for (const inner of host.branches) lookBeforeHost(inner, suggest);
  return true;
}

function holdsHost(node: RegexNode): boolean {
  return node.kind === 'host' || (node.kind === 'group' && node.branches.some((branch) => branch.some(holdsHost)));
}

/** @param isRepeated whether a group around it is repeated */
function lookAtText(node: RegexNode, suggest: Suggest, isRepeated: boolean): void {
  if (node.kind === 'group') {
    for (const branch of node.branches) {
      for (const inner of branch) lookAtText(inner, suggest, isRepeated || node.max > 1);
    }
  } else if (node.kind === 'free' && (node.max > 1 || isRepeated)) {
    const isGreedy = node.text === '.' && !node.isLazy;
    suggest(isGreedy ? 'greedy-before-host' : 'user-text-before-host', node.start, node.length);
  }
}
