import { describe, expect, it } from 'vitest';
import { EventRing, eventFrame } from './event-ring.ts';

describe('EventRing', () => {
  it('replays what came after an id, in order', () => {
    const ring = new EventRing('run');
    const id = ring.lastId;
    const frames = [ring.add('a', 1), ring.add('b', 2), ring.add('c', 3)];
    expect(ring.after(id)).toEqual({ isComplete: true, frames });
    expect(ring.after('run-2')).toEqual({ isComplete: true, frames: frames.slice(2) });
    expect(ring.after(ring.lastId)).toEqual({ isComplete: true, frames: [] });
  });

  it.each(['other-1', 'run-9', 'run--1', 'run-1e3', 'run', '', 'run-1\nevent: x', '../../x-1'])(
    'knows nothing of the id %j',
    (id) => {
      const ring = new EventRing('run');
      ring.add('a', 1);
      expect(ring.after(id)).toEqual({ isComplete: false });
    },
  );

  it('keeps the latest 10,000 and says when something older is asked for', () => {
    const ring = new EventRing('run');
    for (let count = 0; count < 25_000; count += 1) ring.add('a', count);
    expect(ring.after('run-1')).toEqual({ isComplete: false });
    const replay = ring.after('run-15000');
    expect(replay.isComplete && replay.frames.length).toBe(10_000);
  });

  it('is bounded in characters too', () => {
    const ring = new EventRing('run');
    for (let count = 0; count < 50; count += 1) ring.add('a', 'x'.repeat(1024 * 1024));
    const oldest = ring.after('run-43');
    expect(ring.after('run-30')).toEqual({ isComplete: false });
    expect(oldest.isComplete && oldest.frames.length).toBe(7);
  });

  it('writes hostile text so that it stays inside of its event', () => {
    const frame = eventFrame('ban', { address: 'x\n\nevent: session-ended\ndata: {}\r\n' }, 'run-1');
    expect(frame.split(/\r\n|\n|\r/).filter((line) => line.startsWith('event:'))).toEqual(['event: ban']);
  });
});
