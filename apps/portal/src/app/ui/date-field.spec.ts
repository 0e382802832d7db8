import { fieldOfMoment, momentOfField } from './date-field';

describe('a field for a moment', () => {
  it('keeps a moment to the minute, in the time of this browser', () => {
    const at = new Date(2026, 0, 5, 7, 9).getTime();
    expect(fieldOfMoment(at)).toBe('2026-01-05T07:09');
    expect(momentOfField(fieldOfMoment(at))).toBe(at);
  });

  it('is empty for never', () => {
    expect(fieldOfMoment(null)).toBe('');
    expect(momentOfField('')).toBeNull();
    expect(momentOfField('soon')).toBeNull();
  });
});
