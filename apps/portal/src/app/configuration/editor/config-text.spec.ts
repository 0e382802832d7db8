import { readConfigText } from './config-text';

describe('readConfigText', () => {
  it('reads sections, options and the lines they stand in', () => {
    expect(readConfigText('# x\n[Definition]\nFailRegex = ^a\n  ^b\n\n   ^c\nmode: normal\n')).toEqual([
      {
        name: 'Definition',
        line: 2,
        options: [
          { name: 'failregex', value: '^a\n^b\n\n^c', line: 3 },
          { name: 'mode', value: 'normal', line: 7 },
        ],
      },
    ]);
  });

  it('takes ` ;` for a comment and `;` for text, and comments within a value for none of it', () => {
    const [section] = readConfigText('[Init]\na = one;two ; three\n  # no\n  four\n; no\n b = c\n');
    expect(section?.options).toEqual([{ name: 'a', value: 'one;two\nfour\nb = c', line: 2 }]);
  });

  it('keeps brackets in a section, and passes over lines that are none of these', () => {
    expect(readConfigText('lost = 1\n[Init?family=inet6]\nnothing\n= x\na =\n')).toEqual([
      { name: 'Init?family=inet6', line: 2, options: [{ name: 'a', value: '', line: 5 }] },
    ]);
  });
});
