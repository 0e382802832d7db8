import { type ImportFunnel } from '../api/generated/models';
import { funnelSteps, importWords, stateMeaning, stateWords } from './list-words';

const funnel: ImportFunnel = {
  downloadedBytes: 2000,
  unpackedBytes: 9000,
  unchangedFeeds: 0,
  entries: 1300,
  invalid: 12,
  special: [
    { class: 'private', addresses: 256, ranges: 1 },
    { class: 'loopback', addresses: 1, ranges: 2 },
  ],
  own: { addresses: 1, ranges: 1 },
  tooBroad: 0,
  beyondLimit: 0,
  ranges: 1200,
  addresses4: 1400,
  addresses6: 0,
  addedRanges: 30,
  removedRanges: 4,
};

describe('the words of a list', () => {
  it('tells every step of an import with its number', () => {
    expect(funnelSteps(funnel, { addresses: 1, ranges: 1 }).map(({ id, value }) => `${id} ${value}`)).toEqual([
      'downloaded 2 kB',
      'entries 1,300',
      'invalid −12',
      'special −3',
      'own −1',
      'broad 0',
      'beyond 0',
      'left 1,200',
      'allowlisted 1',
    ]);
    expect(funnelSteps(funnel, null).map(({ note }) => note)).toContain('ranges, +30 −4');
  });

  it('says how a list and an import are', () => {
    expect([stateWords('suspicious'), stateMeaning('suspicious'), importWords('unchanged')]).toEqual([
      'held back: it looks broken',
      'danger',
      'nothing new',
    ]);
  });
});
