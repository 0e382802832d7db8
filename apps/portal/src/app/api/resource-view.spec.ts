import { type Resource, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { viewOf } from './resource-view';

/** A resource whose states a test sets by hand. */
function handMade(asked?: string) {
  const question = signal(asked);
  const status = signal<'loading' | 'reloading' | 'resolved' | 'error'>('loading');
  const value = signal<string | undefined>(undefined);
  const resource = {
    status,
    value: () => value(),
    error: () => (status() === 'error' ? new Error('broken') : undefined),
    hasValue: () => status() !== 'error' && value() !== undefined,
  };
  // Only what viewOf reads is there.
  const view = TestBed.runInInjectionContext(() =>
    viewOf(
      resource as unknown as Resource<string | undefined>,
      asked === undefined ? undefined : () => question() ?? '',
    ),
  );
  const set = (next: ReturnType<typeof status>, text: string | undefined): void => {
    value.set(text);
    status.set(next);
  };
  return { view, set, question };
}

describe('viewOf', () => {
  it('is loading, then ready', () => {
    const { view, set } = handMade();
    expect(view().kind).toBe('loading');
    set('resolved', 'a');
    expect(view()).toEqual({ kind: 'ready', value: 'a', problem: null });
  });

  it('keeps the last good value, and says the problem, when reading again fails', () => {
    const { view, set } = handMade();
    set('resolved', 'a');
    expect(view().kind).toBe('ready');
    set('error', undefined);
    expect(view()).toMatchObject({ kind: 'ready', value: 'a', problem: { code: 'unexpected' } });
    set('reloading', undefined);
    expect(view()).toMatchObject({ kind: 'ready', value: 'a' });
  });

  it('fails when there never was a value', () => {
    const { view, set } = handMade();
    set('error', undefined);
    expect(view().kind).toBe('failed');
  });

  it('forgets the old value when something else is asked for', () => {
    const { view, set } = handMade();
    set('resolved', 'a');
    expect(view().kind).toBe('ready');
    set('loading', undefined);
    expect(view().kind).toBe('loading');
  });

  it('keeps what is shown while the same question is asked again, and not for another one', () => {
    const { view, set, question } = handMade('24h');
    set('resolved', 'a');
    expect(view().kind).toBe('ready');
    set('loading', undefined);
    expect(view()).toMatchObject({ kind: 'ready', value: 'a' });
    set('error', undefined);
    expect(view()).toMatchObject({ kind: 'ready', value: 'a', problem: { code: 'unexpected' } });
    question.set('7d');
    set('loading', undefined);
    expect(view().kind).toBe('loading');
    set('error', undefined);
    expect(view().kind).toBe('failed');
  });
});
