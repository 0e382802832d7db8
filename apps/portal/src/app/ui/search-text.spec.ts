import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { SearchText } from './search-text';

describe('SearchText', () => {
  const address = signal('');
  let searched: string[];
  let field: SearchText;
  beforeEach(() => {
    vi.useFakeTimers();
    address.set('');
    searched = [];
    const options = { inAddress: address, search: (text: string) => searched.push(text), afterMs: 250 };
    field = TestBed.runInInjectionContext(() => new SearchText(options));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('searches once when no other key follows', () => {
    field.type('s');
    vi.advanceTimersByTime(249);
    field.type('ss');
    vi.advanceTimersByTime(249);
    expect(searched).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(searched).toEqual(['ss']);
  });

  it('keeps what is typed while the address of the page catches up with an earlier key', () => {
    field.type('ss');
    vi.advanceTimersByTime(250);
    field.type('ssh');
    address.set('ss');
    expect(field.text()).toBe('ssh');
    vi.advanceTimersByTime(250);
    address.set('ssh');
    expect(field.text()).toBe('ssh');
    expect(searched).toEqual(['ss', 'ssh']);
  });

  it('keeps the space behind a word that another one follows', () => {
    field.type('invalid ');
    vi.advanceTimersByTime(250);
    address.set('invalid');
    expect(field.text()).toBe('invalid ');
  });

  it('follows the address of the page when somebody goes back', () => {
    field.type('ssh');
    vi.advanceTimersByTime(250);
    address.set('ssh');
    expect(field.text()).toBe('ssh');
    address.set('');
    expect(field.text()).toBe('');
  });

  it('forgets what waited when the field is emptied', () => {
    field.type('ssh');
    field.set('');
    vi.advanceTimersByTime(1_000);
    expect(searched).toEqual([]);
    expect(field.text()).toBe('');
  });

  it('searches nothing any more after the page was left', () => {
    field.type('ssh');
    TestBed.resetTestingModule();
    vi.advanceTimersByTime(1_000);
    expect(searched).toEqual([]);
  });
});
