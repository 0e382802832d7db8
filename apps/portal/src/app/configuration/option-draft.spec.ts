import { type ConfigurationOption } from '../api/generated/models';
import { draftsOf, editOf, optionState, typedOf, valueOfOthers } from './option-draft';

const own = 'jail.d/zz-bangui-jail-sshd.local';
const at = (file: string) => ({ file, line: 4, layer: 'stock' as const, section: 'sshd' });
const option: ConfigurationOption = {
  name: 'bantime',
  raw: '2h',
  value: '2h',
  origin: at(own),
  overridden: [{ raw: '10m', origin: at('jail.conf') }],
  problem: null,
};

describe('optionState', () => {
  it('shows what is in force, and knows whether it is set here', () => {
    expect(optionState(option, undefined, own)).toMatchObject({ shown: '2h', isSetHere: true });
    expect(optionState({ ...option, origin: at('jail.local') }, undefined, own).isSetHere).toBe(false);
    expect(optionState(undefined, undefined, own).shown).toBe('');
  });

  it('shows what is typed, or what others say once it is no longer set here', () => {
    expect(optionState(option, { kind: 'set', value: '3h' }, own).shown).toBe('3h');
    expect(optionState(option, { kind: 'unset' }, own).shown).toBe('10m');
  });
});

describe('valueOfOthers', () => {
  it('is what is in force where BanGUI sets nothing', () => {
    expect(valueOfOthers({ ...option, origin: at('jail.local') }, own)?.raw).toBe('2h');
  });

  it('is nothing where only BanGUI sets it', () => {
    expect(valueOfOthers({ ...option, overridden: [] }, own)).toBeUndefined();
  });
});

describe('editOf', () => {
  it('makes a request of drafts', () => {
    const drafts = new Map([
      ['bantime', { kind: 'unset' } as const],
      ['logpath', { kind: 'set', value: ' /var/log/a \r\n\n /var/log/b' } as const],
      ['unknown', { kind: 'unset' } as const],
    ]);
    expect(editOf('sshd', drafts, { options: [option], etag: 'x' })).toEqual({
      jail: 'sshd',
      set: [{ option: 'logpath', value: '/var/log/a\n/var/log/b' }],
      unset: ['bantime'],
      etag: 'x',
    });
  });
});

describe('typedOf and draftsOf', () => {
  it('give drafts back as they were', () => {
    const drafts = new Map([
      ['bantime', { kind: 'set', value: '3h\n4h' }],
      ['maxretry', { kind: 'unset' }],
    ] as const);
    expect(typedOf(drafts, 'abc')).toEqual({
      ...{ etag: 'abc', unset: ['maxretry'], text: null },
      set: [{ option: 'bantime', value: '3h\n4h' }],
    });
    expect(draftsOf(typedOf(drafts, null))).toEqual(drafts);
  });
});
