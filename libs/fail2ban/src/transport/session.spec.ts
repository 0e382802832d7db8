import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { END_MARK } from '../pickle/marks.ts';
import { success } from '../testing/scripted-server.ts';
import { Session } from './session.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe('answers that arrive in any pieces', () => {
  it('are the same answers', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'f2g-'));
    let pieces: Buffer[] = [];
    const server = createServer((socket) => {
      socket.on('data', () => {
        void (async () => {
          // Each in a turn of its own, so that they arrive apart.
          for (const piece of pieces) {
            socket.write(piece);
            await nextTurn();
          }
        })();
      });
      socket.on('error', () => socket.destroy());
    });
    server.listen(join(dir, 's'));
    const session = await Session.open(join(dir, 's'), 100_000, () => undefined);
    cleanUps.push(
      () => rm(dir, { recursive: true }),
      async () => {
        session.destroy();
        await server[Symbol.asyncDispose]();
      },
    );
    const text = fc.oneof(fc.string(), fc.constantFrom(END_MARK.toString(), 'a'.repeat(400)));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 12 }),
        async (texts, sizes) => {
          pieces = piecesOf(Buffer.concat(texts.map((each) => success(each))), sizes);
          const values: unknown[] = [];
          await session.exchange(
            texts.map(() => ({
              request: Buffer.from('?'),
              answered: (value) => {
                values.push(value);
              },
            })),
          );
          expect(values).toEqual(texts.map((each) => [0, each]));
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Cuts bytes into pieces of these sizes, over and over. */
function piecesOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = sizes[pieces.length % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
