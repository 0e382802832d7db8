import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { DownloadProblem } from './download-problem.ts';
import { type BodySize, readBody, tooLarge } from './read-body.ts';
import { type FeedRequest, type FeedResponse } from './feed-request.ts';

/**
 * Reads a feed from a file below the folder that the operator allows. Links that lead out of it are refused; size and time
 * of the file stand for its version.
 */
export async function readFileFeed(
  { url, validators, metadata }: FeedRequest,
  folder: string | undefined,
): Promise<FeedResponse> {
  if (folder === undefined)
    throw new DownloadProblem('refused', 'No folder for files is set: BANGUI_SOURCES_FILE_DIR.');
  const path = await inside(folder, decodedPath(url));
  // Whoever can write there may have put a pipe, which would never end.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW).catch(notThere);
  const state = await handle.stat();
  const etag = `"${state.ino}-${state.size}-${state.mtimeMs}"`;
  const problem = !state.isFile()
    ? new DownloadProblem('refused', 'It is no regular file.')
    : state.size > metadata.limits.maxBytes
      ? tooLarge(metadata.limits.maxBytes)
      : undefined;
  if (problem || validators?.etag === etag) {
    await handle.close();
    if (problem) throw problem;
    return { status: 'unchanged' };
  }
  const size: BodySize = { downloaded: 0, unpacked: 0 };
  const body = readBody(
    handle.createReadStream({ highWaterMark: 256 * 1024 }),
    undefined,
    metadata.limits.maxBytes,
    size,
  );
  return { status: 'changed', body, size, validators: { etag, lastModified: null } };
}

function decodedPath(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch (error) {
    throw new DownloadProblem('refused', 'The path of the file cannot be read.', { cause: error });
  }
}

async function inside(folder: string, path: string): Promise<string> {
  if (path.includes('\0')) throw new DownloadProblem('refused', 'The path of the file cannot be read.');
  const root = await realpath(folder).catch(notThere);
  const real = await realpath(`${root}${sep}${path}`).catch(notThere);
  if (real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) return real;
  throw new DownloadProblem('refused', 'The file is not below BANGUI_SOURCES_FILE_DIR.');
}

function notThere(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  throw new DownloadProblem('unreachable', `The file cannot be read (${code}).`, { cause: error });
}
