import { describe, expect, it } from 'vitest';
import { timedEntries, type TimedReading } from './timed-entries.ts';

const lasting = new AbortController().signal;
const never = new Promise<never>(() => undefined);
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function* bytes(...chunks: (string | Promise<unknown>)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    if (typeof chunk === 'string') yield Buffer.from(chunk);
    else await chunk;
  }
}

async function* words(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const chunk of body) yield Buffer.from(chunk).toString();
}

async function read(
  change: Partial<TimedReading>,
  use: (value: unknown) => unknown = () => undefined,
): Promise<unknown[]> {
  const values: unknown[] = [];
  const reading = { body: bytes('a', 'b'), parse: words, signal: lasting, limitMs: 60_000, ...change };
  for await (const value of timedEntries(reading)) {
    values.push(value);
    await use(value);
  }
  return values;
}

describe('what a source of this process makes of a body', () => {
  it('is given on as it comes', async () => {
    expect(await read({})).toEqual(['a', 'b']);
  });

  it('ends with the time of a source that waits for ever, whether it has begun or not', async () => {
    const parse = async function* (): AsyncGenerator<string> {
      yield 'one';
      await never;
    };
    const seen: unknown[] = [];
    await expect(read({ parse, limitMs: 50 }, (value) => seen.push(value))).rejects.toMatchObject({
      name: 'PluginFault',
      kind: 'too-slow',
      message: 'It worked on one list for more than 50 ms.',
    });
    expect(seen).toEqual(['one']);
  });

  it('ends at once when it is told to, with the reason', async () => {
    const told = new AbortController();
    const reading = read({ parse: () => words(bytes(never)), signal: told.signal });
    told.abort(new Error('BanGUI stops'));
    await expect(reading).rejects.toThrow('BanGUI stops');
    await expect(read({ signal: told.signal })).rejects.toThrow('BanGUI stops');
  });

  it('may take as long as the download and whoever takes it need', async () => {
    const limitMs = 300;
    const body = bytes('a', after(2 * limitMs), 'b');
    expect(await read({ body, limitMs }, () => after(limitMs))).toEqual(['a', 'b']);
  });

  it('fails with what the source throws, and lets a source clean up when nobody wants more', async () => {
    const parse = async function* (): AsyncGenerator<string> {
      yield await Promise.resolve('one');
      throw new Error('boom');
    };
    await expect(read({ parse })).rejects.toThrow('boom');
    let isClean = false;
    const tidy = async function* (): AsyncGenerator<string> {
      try {
        yield await Promise.resolve('one');
      } finally {
        isClean = true;
      }
    };
    for await (const value of timedEntries({ body: bytes(), parse: tidy, signal: lasting, limitMs: 1_000 })) {
      expect(value).toBe('one');
      break;
    }
    expect(isClean).toBe(true);
  });
});
