import { describe, expect, it } from 'vitest';
import { draftOf, emptyDraft, linesOf, regexesOf } from './lab-draft';

describe('a draft of the lab', () => {
  it('takes one expression a line and leaves out what is empty', () => {
    const draft = { ...emptyDraft, failregex: ' ^a <HOST>\n\r\n^b <HOST>\r\n', prefregex: ' ^p ', maxlines: '3' };
    expect(regexesOf(draft)).toEqual({
      failregex: ['^a <HOST>', '^b <HOST>'],
      ignoreregex: [],
      prefregex: '^p',
      maxlines: 3,
    });
  });

  it('keeps empty lines of a log, but not the one behind the last', () => {
    expect(linesOf('one\r\n\n two\n')).toEqual(['one', '', ' two']);
    expect(linesOf('')).toEqual([]);
  });

  it('takes over what a filter means', () => {
    const definition = {
      failregex: [{ regex: '^a <HOST>', lines: 1 }],
      ignoreregex: [{ regex: 'b', lines: 0 }],
      prefregex: null,
      datepattern: '^{EPOCH}',
      maxlines: 2,
    };
    const draft = draftOf({ definition } as Parameters<typeof draftOf>[0], 'line');
    expect(draft).toEqual({
      failregex: '^a <HOST>',
      ignoreregex: 'b',
      prefregex: '',
      datepattern: '^{EPOCH}',
      maxlines: '2',
      lines: 'line',
    });
    expect(regexesOf(draft)).toMatchObject({ failregex: ['^a <HOST>'], datepattern: '^{EPOCH}', maxlines: 2 });
  });
});
