import { StreamLanguage, type StringStream } from '@codemirror/language';
import { commentStart, sectionIn } from './config-text';

interface LineState {
  /** True behind an option: a line that is indented more continues its value. */
  isInValue: boolean;
  /** Columns. */
  indent: number;
  /** Within the line: a value follows. */
  isValueNext: boolean;
}

/** `%(known/x)s`, and the doubled `%` that stands for one. */
const INTERPOLATION = /^%(?:\([^()\s]{1,200}\)s|%)/;
/** `<HOST>`, `</F-USER>`, `<lt_<logtype>/datepattern>`; no look-behind of a regular expression. */
const TAG = /^<\/?[\w.-]{1,64}(?:<[\w.-]{1,64}>)?(?:[/\w.?=-]{0,64})>/;
/** A named group of Python's regular expressions, which looks like a tag. */
const NAMED_GROUP = /^\(\?P(?:<\w+>|=\w+\))/;

function valueToken(stream: StringStream): string | null {
  if (stream.pos >= commentStart(stream.string)) {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.match(INTERPOLATION)) return 'macroName';
  if (stream.match(NAMED_GROUP)) return null;
  if (stream.match(TAG)) return 'tagName';
  stream.next();
  stream.match(/^[^%(<;]+/);
  return null;
}

function lineToken(stream: StringStream, state: LineState): string | null {
  const column = stream.indentation();
  stream.eatSpace();
  const next = stream.peek();
  if (next === '#' || next === ';') {
    stream.skipToEnd();
    return 'comment';
  }
  if (state.isInValue && column > state.indent) {
    state.isValueNext = true;
    return stream.eol() ? null : valueToken(stream);
  }
  state.indent = column;
  if (sectionIn(stream.string.trim()) !== null) {
    state.isInValue = false;
    stream.skipToEnd();
    return 'heading';
  }
  if (!stream.match(/^[^=:]+(?=[=:])/)) {
    stream.skipToEnd();
    return 'invalid';
  }
  state.isInValue = true;
  return 'propertyName';
}

/** How fail2ban's files are coloured. A line is looked at once, whatever stands in it; one over 2,000 characters is not coloured. */
export const configLanguage = StreamLanguage.define<LineState>({
  name: 'fail2ban',
  startState: () => ({ isInValue: false, indent: 0, isValueNext: false }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (stream.sol()) {
      state.isValueNext = false;
      return lineToken(stream, state);
    }
    if (!state.isValueNext) {
      state.isValueNext = true;
      stream.next();
      return 'operator';
    }
    return valueToken(stream);
  },
  languageData: { commentTokens: { line: '#' } },
});
