import { LiveCheck } from './live-check';

describe('LiveCheck', () => {
  let pending: { question: string; answer: (text: string) => void; fail: (error: Error) => void }[];
  let told: string[];
  let check: LiveCheck<string, string>;
  const settle = () => vi.advanceTimersByTimeAsync(400);

  beforeEach(() => {
    vi.useFakeTimers();
    pending = [];
    told = [];
    check = new LiveCheck(
      (question) => new Promise((answer, fail) => pending.push({ question, answer, fail })),
      (answer) => told.push(answer),
      (error) => told.push(String(error)),
    );
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks once for what is typed without a pause', async () => {
    check.ask('a');
    await vi.advanceTimersByTimeAsync(399);
    check.ask('ab');
    await vi.advanceTimersByTimeAsync(399);
    expect(pending).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(pending.map(({ question }) => question)).toEqual(['ab']);
    pending[0]?.answer('fine');
    await settle();
    expect(told).toEqual(['fine']);
  });

  it('asks one at a time and drops the answer to what was overtaken', async () => {
    check.ask('a');
    await settle();
    check.ask('b');
    await settle();
    check.ask('c');
    await settle();
    expect(pending.map(({ question }) => question)).toEqual(['a']);
    pending[0]?.answer('stale');
    await settle();
    expect(pending.map(({ question }) => question)).toEqual(['a', 'c']);
    pending[1]?.answer('new');
    await settle();
    expect(told).toEqual(['new']);
  });

  it('drops an answer that comes while something newer waits for its pause, and asks that after the pause', async () => {
    check.ask('a');
    await settle();
    check.ask('b');
    pending[0]?.answer('stale');
    await settle();
    expect(told).toEqual([]);
    expect(pending.map(({ question }) => question)).toEqual(['a', 'b']);
  });

  it('tells a failure and goes on, and nothing after it was stopped', async () => {
    check.ask('a');
    await settle();
    pending[0]?.fail(new Error('away'));
    await settle();
    check.ask('b');
    await settle();
    check.stop();
    pending[1]?.answer('late');
    await settle();
    expect(told).toEqual(['Error: away']);
    check.ask('c');
    await settle();
    expect(pending.map(({ question }) => question)).toEqual(['a', 'b', 'c']);
  });
});
