import { type Readable, type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { grouped } from '../../../core/grouped.ts';
import { DownloadProblem } from './download-problem.ts';

/** Bytes handed on at once. */
const pieceBytes = 64 * 1024;

/** How much of a body has come so far. */
export interface BodySize {
  /** As it was sent. */
  downloaded: number;
  /** After decompression. */
  unpacked: number;
}

/**
 * The bytes of a body, unpacked. Never reads ahead of whoever reads it by more than a buffer, and stops at the ceiling,
 * counted after unpacking: a small body may stand for a huge one.
 * @throws DownloadProblem when it is too large, cut short or not packed as it says
 */
export async function* readBody(
  body: Readable,
  encoding: string | undefined,
  maxBytes: number,
  size: BodySize,
): AsyncGenerator<Uint8Array, void, undefined> {
  const unpacker = unpackerFor(encoding);
  const stream = unpacker ? unpacked(body, unpacker, size) : body;
  try {
    for await (const chunk of stream) {
      // Streams without an encoding give buffers.
      const piece = chunk as Buffer;
      if (!unpacker) size.downloaded += piece.length;
      size.unpacked += piece.length;
      if (size.unpacked > maxBytes) throw tooLarge(maxBytes);
      yield piece;
    }
  } catch (error) {
    throw bodyProblem(error);
  } finally {
    body.destroy();
    unpacker?.destroy();
  }
}

/** The answer to a body that is, or says that it is, larger than the source allows. */
export function tooLarge(maxBytes: number): DownloadProblem {
  return new DownloadProblem('too-large', `It is larger than the ${grouped(maxBytes)} bytes that the source allows.`);
}

function unpackerFor(encoding: string | undefined): Transform | undefined {
  switch ((encoding ?? '').trim().toLowerCase()) {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip({ chunkSize: pieceBytes });
    case 'deflate':
      return createInflate({ chunkSize: pieceBytes });
    case 'br':
      // The window is what the publisher makes it; 16 MiB is the most that the format knows.
      return createBrotliDecompress({
        chunkSize: pieceBytes,
        params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 0 },
      });
    default:
      throw new DownloadProblem('malformed', 'It is packed in a way that was not asked for.');
  }
}

function unpacked(body: Readable, unpacker: Transform, size: BodySize): Transform {
  body.on('data', (chunk: Buffer) => {
    size.downloaded += chunk.length;
  });
  body.once('error', (error) => unpacker.destroy(error));
  // A connection that ends too early ends without an error of its own.
  body.once('close', () => {
    if (!body.readableEnded) unpacker.destroy(new Error('the connection was closed'));
  });
  return body.pipe(unpacker);
}

function bodyProblem(error: unknown): unknown {
  if (error instanceof DownloadProblem) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // An end in the middle is a connection that broke, and worth another attempt.
  if (code.startsWith('Z_') && code !== 'Z_BUF_ERROR') {
    return new DownloadProblem('malformed', 'It is not packed as the publisher says.', { cause: error });
  }
  if (code.startsWith('ERR__ERROR_FORMAT') || code.startsWith('ERR_BROTLI')) {
    return new DownloadProblem('malformed', 'It is not packed as the publisher says.', { cause: error });
  }
  return error;
}
