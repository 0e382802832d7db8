import { readSync, writeSync } from 'node:fs';
import { type Frame, type FrameKind, HEADER_BYTES, headerOf, MAX_PAYLOAD_BYTES } from '../frames.ts';

const INPUT = 0;
const OUTPUT = 1;

/** The host went away. */
export class HostGone extends Error {}

/**
 * The child's two pipes. Reads and writes wait in place: the child has nothing else to do, and neither side ever holds more
 * than the pipe does.
 */
export class Pipes {
  private buffer = new Uint8Array(128 * 1024);

  /** The next frame; its payload is valid until the one after it is asked for. @throws HostGone */
  read(): Frame {
    this.fill(HEADER_BYTES);
    const length = new DataView(this.buffer.buffer).getUint32(0, true);
    const kind = this.buffer[4] ?? 0;
    if (length > MAX_PAYLOAD_BYTES) throw new HostGone();
    if (length > this.buffer.length) this.buffer = new Uint8Array(length);
    this.fill(length);
    return { kind, payload: this.buffer.subarray(0, length) };
  }

  write(kind: FrameKind, payload: Uint8Array): void {
    writeAll(headerOf(kind, payload.length));
    writeAll(payload);
  }

  writeJson(kind: FrameKind, value: unknown): void {
    this.write(kind, Buffer.from(JSON.stringify(value === undefined ? null : value)));
  }

  private fill(length: number): void {
    for (let at = 0; at < length;) {
      const count = readSync(INPUT, this.buffer, at, length - at, null);
      if (count === 0) throw new HostGone();
      at += count;
    }
  }
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(OUTPUT, bytes, at, bytes.length - at);
}
