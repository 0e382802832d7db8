import { type RegexHint, type TriedLine } from '../api/generated/models';

/** What became of a line, in a word. */
export function outcomeWord({ outcome }: Pick<TriedLine, 'outcome'>): string {
  switch (outcome) {
    case 'matched':
      return $localize`matched`;
    case 'ignored':
      return $localize`ignored`;
    case 'missed':
      return $localize`missed`;
  }
}

/** Why a line became what it did; empty when there is nothing to add. */
export function reasonWords({ because }: Pick<TriedLine, 'because'>): string {
  switch (because) {
    case 'ignoreregex':
      return $localize`an ignoreregex matched`;
    case 'nofail':
      return $localize`matched, but stands for no failure`;
    case 'pending':
      return $localize`part of a failure whose address is not known yet`;
    case 'name':
      return $localize`a host name, which fail2ban would look up`;
    case null:
      return '';
  }
}

/** What is weak about a regex. */
export function hintWords({ code }: Pick<RegexHint, 'code'>): string {
  switch (code) {
    case 'unanchored':
      return $localize`Nothing ties this to the beginning of the message. Whoever can write text into the log can write something that matches and names an address of their choice. Begin with ^.`;
    case 'greedy-before-host':
      return $localize`This takes as much as it can before the address, so the last address of the line counts. Whoever can write text after the real address chooses who is banned. Say exactly what may stand there.`;
    case 'user-text-before-host':
      return $localize`Free text before the address: a client who chooses it can put an address of their choice there. Exclude what ends the text.`;
  }
}
