import { type ConfigurationFileText } from '../api/generated/models';
import { copiedText, isDefinitionName } from './definition-text';
import { readConfigText } from './editor/config-text';

const file = (path: string, text: string | null): ConfigurationFileText => ({
  ...{ path, text, layer: 'stock', owner: 'stock', isAdoptable: false, bytes: 0, problems: [], etag: null },
});

describe('copiedText', () => {
  it('makes one file of several, in which what is read later wins', () => {
    const copy = copiedText('mine', [
      file('filter.d/common.conf', '[DEFAULT]\n_daemon = x\n__pid = 1\n[lt_file]\nline = a ; b\n'),
      file('filter.d/mine.conf', '[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = ^a\n    ^b\n\n   ^c\n'),
      file('filter.d/mine.local', '[DEFAULT]\n_daemon = y\n[Definition]\nignoreregex =\n'),
    ]);
    expect(copy).toBe(`# A copy of mine: all options of filter.d/common.conf, filter.d/mine.conf, filter.d/mine.local.

[DEFAULT]
_daemon = y
__pid = 1

[lt_file]
line = a

[Definition]
failregex = ^a
    ^b

    ^c
ignoreregex =
`);
  });

  it('puts in what was known before', () => {
    const copy = copiedText('mine', [
      file('filter.d/mine.conf', '[Definition]\nfailregex = ^a $& <HOST>\n'),
      file('filter.d/mine.local', '[Definition]\nfailregex = %(known/failregex)s\n    ^b <HOST>\n'),
    ]);
    expect(readConfigText(copy ?? '')[0]?.options[0]?.value).toBe('^a $& <HOST>\n^b <HOST>');
  });

  it('is none when a text is not known', () => {
    expect(copiedText('mine', [file('filter.d/mine.conf', null)])).toBeNull();
  });
});

describe('isDefinitionName', () => {
  it('takes what may be the name of a file, and no path', () => {
    for (const name of ['sshd', 'my-app_2.x', 'A']) expect([name, isDefinitionName(name)]).toEqual([name, true]);
    for (const name of ['', '.x', '-x', 'a/b', '../x', 'a..b', 'a b', 'ä', 'a'.repeat(101)])
      expect([name, isDefinitionName(name)]).toEqual([name, false]);
  });
});
