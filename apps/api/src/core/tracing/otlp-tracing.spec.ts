import { AsyncLocalStorage } from 'node:async_hooks';
import { Fail2banOffline } from '@bangui/fail2ban';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReceivedSpan, TraceReceiver } from '../../../test/trace-receiver.ts';
import { Log } from '../logging/log.ts';
import { OtlpTracing } from './otlp-tracing.ts';
import { errorType } from './tracing.ts';

describe('OtlpTracing', () => {
  let receiver: TraceReceiver;
  let tracing: OtlpTracing;
  beforeEach(async () => {
    receiver = await TraceReceiver.start();
    const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
    tracing = new OtlpTracing(receiver.url, log);
  });
  afterEach(async () => {
    await tracing.close();
    await receiver.stop();
  });

  /** What the receiver has got when no more comes. Closing waits 2 s at most, and what was on its way then comes all the same. */
  async function receivedSpans(count: number): Promise<readonly ReceivedSpan[]> {
    await tracing.close();
    await expect.poll(() => receiver.spans).toHaveLength(count);
    return receiver.spans;
  }

  it('passes on what the work returns, and tells of work inside of work', async () => {
    const outer = tracing.inSpan({ name: 'outer', isRoot: true, facts: {} }, () =>
      tracing.inSpan({ name: 'inner', isCall: true, facts: { a: 1 } }, (tell) => {
        tell({ b: 'two' });
        return Promise.resolve('done');
      }),
    );
    expect(await outer).toBe('done');
    const [inner, root] = await receivedSpans(2);
    expect(inner).toMatchObject({ name: 'inner', kind: 3, parentSpanId: root?.spanId, attributes: { a: 1, b: 'two' } });
    expect(root).toMatchObject({ name: 'outer', kind: 1, parentSpanId: undefined });
  });

  it('tells of a failure by its code, never by its message, and passes it on', async () => {
    const failure = new Fail2banOffline('refused by 203.0.113.9');
    const work = tracing.inSpan({ name: 'work', isRoot: true, facts: {} }, () => Promise.reject(failure));
    await expect(work).rejects.toBe(failure);
    expect(await receivedSpans(1)).toMatchObject([
      { hasFailed: true, attributes: { 'error.type': 'fail2ban-offline' } },
    ]);
    expect(receiver.received).not.toContain('203.0.113.9');
  });

  it('does without a span what nobody asked for, and what whoever asked no longer waits for', async () => {
    const late = () => tracing.inSpan({ name: 'late', facts: {} }, () => Promise.resolve('done'));
    expect(await late()).toBe('done');
    const asIfInside = await tracing.inSpan({ name: 'work', isRoot: true, facts: {} }, () =>
      Promise.resolve(AsyncLocalStorage.snapshot()),
    );
    expect(await asIfInside(late)).toBe('done');
    expect((await receivedSpans(1)).map(({ name }) => name)).toEqual(['work']);
  });

  it('cuts long texts', async () => {
    await tracing.inSpan({ name: 'work', isRoot: true, facts: { long: 'x'.repeat(10_000) } }, () => Promise.resolve());
    expect((await receivedSpans(1))[0]?.attributes['long']).toBe('x'.repeat(256));
  });
});

describe('the kind of an error', () => {
  it.each([
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new TypeError('x'), 'TypeError'],
    [Object.assign(new Error('x'), { code: 'a sentence, with words', name: '203.0.113.9' }), 'Error'],
    ['text', 'Error'],
  ])('of %s is a word', (error, kind) => {
    expect(errorType(error)).toBe(kind);
  });
});
