import { EventStream, type StreamState } from './event-stream';
import { type SseMessage } from './sse-parser';

/** What the server answers to one connection: a status, or the text of a stream that then closes. */
type Answer = number | string | Error;

async function run(answers: readonly Answer[]): Promise<{
  urls: string[];
  states: StreamState[];
  messages: SseMessage[];
  pauses: number[];
  isEnded: boolean;
}> {
  const told = {
    urls: [] as string[],
    states: [] as StreamState[],
    messages: [] as SseMessage[],
    pauses: [] as number[],
  };
  const abort = new AbortController();
  const left = [...answers];
  let isEnded = false;
  const stream = new EventStream({
    url: '/events',
    onMessage: (message) => told.messages.push(message),
    onState: (state) => {
      if (told.states.at(-1) !== state) told.states.push(state);
    },
    onSessionEnded: () => (isEnded = true),
    fetch: (input) => {
      told.urls.push(input as string); // the stream asks by address only
      const answer = left.shift();
      if (answer === undefined || answer instanceof Error) return Promise.reject(answer ?? new Error('no more'));
      return Promise.resolve(
        typeof answer === 'number' ? new Response(null, { status: answer }) : new Response(answer),
      );
    },
    pause: (ms) => {
      told.pauses.push(ms);
      if (left.length === 0) abort.abort();
      return Promise.resolve();
    },
    random: () => 1,
  });
  await stream.run(abort.signal, '');
  return { ...told, isEnded };
}

describe('EventStream', () => {
  it('comes back after the last event it saw', async () => {
    const { urls, messages } = await run(['id: 7-1\ndata: a\n\nid: 7-2\ndata: b\n\n', 'id: 7-3\ndata: c\n\n']);
    expect(urls).toEqual(['/events', '/events?lastEventId=7-2']);
    expect(messages.map((message) => message.data)).toEqual(['a', 'b', 'c']);
  });

  it('waits longer after each failure and starts over once something came', async () => {
    const { pauses } = await run([new TypeError('refused'), 502, new TypeError('refused'), 'data: a\n\n', 503]);
    expect(pauses).toEqual([400, 800, 1600, 400, 800]);
  });

  it('never waits longer than eight seconds', async () => {
    const { pauses } = await run(Array.from({ length: 12 }, () => 503));
    expect(Math.max(...pauses)).toBe(8000);
  });

  it('says when it is live and when it is not', async () => {
    const { states } = await run(['data: a\n\n', 'data: b\n\n']);
    expect(states).toEqual(['connecting', 'live', 'reconnecting', 'live', 'reconnecting']);
  });

  it('stops for good when the session has ended', async () => {
    const { isEnded, urls } = await run([401, 'data: a\n\n']);
    expect([isEnded, urls.length]).toEqual([true, 1]);
  });
});
