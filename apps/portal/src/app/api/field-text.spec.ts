import { fieldText } from './field-text';

const words = (code: string, ...limits: number[]): string => fieldText({ code, message: 'as the API says', limits });

describe('fieldText', () => {
  it.each([
    ['own-address', 'you are connected from here'],
    ['machine-address', 'this is the server itself'],
    ['too-broad', 'this network is too wide'],
    ['is-int', 'must be a whole number'],
    ['duration-invalid', 'must be a time such as 600, 10m or 1d 6h, at most 100 years'],
    ['wrong', 'is wrong'],
  ])('says %s in the words of the portal', (code, text) => {
    expect(words(code)).toBe(text);
  });

  it('names the bounds of a check', () => {
    expect(words('min', 1)).toBe('must be at least 1');
    expect(words('max-length', 64)).toBe('must have at most 64 characters');
    expect(words('is-length', 12, 256)).toBe('must have 12 to 256 characters');
  });

  it('falls back to the words of the API for a code it does not know or whose bounds are not told', () => {
    expect(words('something-new', 3)).toBe('as the API says');
    expect(words('max')).toBe('as the API says');
    expect(words('is-length', 12)).toBe('as the API says');
  });
});
