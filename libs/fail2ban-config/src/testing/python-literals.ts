/** A value as Python's `repr` and `pprint` write it, as far as fail2ban's commands have them. */
export type PythonLiteral = string | number | boolean | null | readonly PythonLiteral[];

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' };

/**
 * Reads literals that follow each other, separated by white space: lists and tuples, texts (adjacent ones are one, as pprint
 * breaks long ones), whole numbers, fractions, True, False and None.
 * @throws {SyntaxError} naming the position of what is none of these
 */
export function pythonLiterals(text: string): PythonLiteral[] {
  let at = 0;
  const fail = (): never => {
    throw new SyntaxError(`${JSON.stringify(text.slice(at, at + 40))} at ${at} is no literal`);
  };
  const skip = (): void => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  const list = (close: string): PythonLiteral[] => {
    const items: PythonLiteral[] = [];
    at += 1;
    skip();
    while (text[at] !== close) {
      items.push(literal());
      skip();
      if (text[at] === ',') at += 1;
      else if (text[at] !== close) fail();
      skip();
    }
    at += 1;
    return items;
  };
  const one = (): string => {
    const quote = text[at];
    let value = '';
    for (at += 1; text[at] !== quote; at += 1) {
      if (at >= text.length) fail();
      if (text[at] !== '\\') {
        value += text[at] ?? '';
        continue;
      }
      at += 1;
      const code = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))/.exec(text.slice(at, at + 9));
      if (code) {
        value += String.fromCodePoint(parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16));
        at += code[0].length - 1;
      } else value += escapes[text[at] ?? ''] ?? fail();
    }
    at += 1;
    return value;
  };
  const joined = (): string => {
    let value = one();
    skip();
    while (text[at] === "'" || text[at] === '"') {
      value += one();
      skip();
    }
    return value;
  };
  const literal = (): PythonLiteral => {
    const first = text[at];
    if (first === '[') return list(']');
    if (first === "'" || first === '"') return joined();
    if (first === '(') {
      const items = list(')');
      // pprint puts a long text that it breaks into brackets.
      return items.length === 1 && typeof items[0] === 'string' ? items[0] : items;
    }
    const word = /^(?:True|False|None|-?\d+(?:\.\d+)?)/.exec(text.slice(at, at + 40))?.[0];
    if (word === undefined) return fail();
    at += word.length;
    return word === 'None' ? null : word === 'True' || word === 'False' ? word === 'True' : Number(word);
  };
  const found: PythonLiteral[] = [];
  skip();
  while (at < text.length) {
    found.push(literal());
    skip();
  }
  return found;
}
