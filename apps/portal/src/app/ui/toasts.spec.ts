import { TestBed } from '@angular/core/testing';
import { Toasts } from './toasts';

describe('Toasts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('go by themselves, but not while they are read or while something runs', () => {
    const toasts = TestBed.inject(Toasts);
    toasts.show('done');
    const read = toasts.show('read me');
    toasts.show('running', { progress: 0.5 });
    toasts.hold(read);
    vi.advanceTimersByTime(60_000);
    expect(toasts.shown().map((toast) => toast.text)).toEqual(['read me', 'running']);
    toasts.release(read);
    vi.advanceTimersByTime(60_000);
    expect(toasts.shown().map((toast) => toast.text)).toEqual(['running']);
  });

  it('never pile up higher than four', () => {
    const toasts = TestBed.inject(Toasts);
    for (const text of ['1', '2', '3', '4', '5', '6']) toasts.show(text);
    expect(toasts.shown().map((toast) => toast.text)).toEqual(['3', '4', '5', '6']);
  });
});
