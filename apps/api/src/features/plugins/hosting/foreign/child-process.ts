import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { type Readable, type Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { PluginFault } from '../plugin-fault.ts';
import { CHILD_HEAP_MB, confinement, searchPath } from './confinement.ts';
import { type Frame, type FrameKind, headerOf, readFrames } from './frames.ts';
import { type ChildPlaces } from './messages.ts';
import { folderUrl, isSource, sdkPlaces } from './sdk-places.ts';

/** What is kept of what a child prints, in characters: its end says why it broke. */
const MAX_COMPLAINT_LENGTH = 2_000;

/** features/plugins/hosting: what runs in a child of ours. */
const hostFolder = resolve(import.meta.dirname, '..');
const main = join(import.meta.dirname, 'child', isSource ? 'main.ts' : 'main.js');
/** apps/api/{src,dist}/features/plugins/hosting/foreign -> apps/api/package.json, which says what kind of modules ours are. */
const packageJson = resolve(import.meta.dirname, '../../../../../package.json');

/** Where a foreign source is, and what makes sure that it still is what was let in. */
export interface ForeignCode {
  readonly directory: string;
  readonly entry: string;
  /** @throws PluginFault when the code is not what it was */
  verify(): Promise<void>;
}

/** A process of its own for one call of a foreign source: no files but its own, no environment, no programs, no threads. */
export class ChildProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly closed: Promise<void>;
  private complaint = '';
  private failure: PluginFault | undefined;

  private constructor(command: readonly string[]) {
    const [program = '', ...args] = command;
    this.child = spawn(program, args, { env: searchPath, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
    this.closed = new Promise((done) => this.child.once('close', () => done()));
    this.child.once(
      'error',
      (error) => (this.failure ??= new PluginFault('broken', `It cannot be run: ${error.message}`)),
    );
    // Writing to a child that has ended: its end is what is told.
    this.child.stdin.on('error', () => undefined);
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.complaint = (this.complaint + text).slice(-MAX_COMPLAINT_LENGTH);
    });
  }

  /** Starts one, once the code was verified. @throws PluginFault when it has changed */
  static async start(source: ForeignCode): Promise<ChildProcess> {
    await source.verify();
    const { prefix } = await confinement();
    return new ChildProcess([...prefix, ...nodeCommand(source)]);
  }

  /** Writes one frame; resolves when the bytes may be used again. Never rejects: a child that is gone is told by its frames. */
  async send(kind: FrameKind, payload: Uint8Array): Promise<void> {
    const { stdin } = this.child;
    if (!stdin.writable) return;
    stdin.write(headerOf(kind, payload.length));
    await new Promise<void>((done) => stdin.write(payload, () => done()));
  }

  sendJson(kind: FrameKind, value: unknown): Promise<void> {
    return this.send(kind, Buffer.from(JSON.stringify(value)));
  }

  /** What it answers, until it ends. @throws PluginFault when it was ended for a reason, or breaks the protocol */
  async *frames(): AsyncGenerator<Frame, void, undefined> {
    try {
      yield* readFrames(this.child.stdout);
    } catch (error) {
      if (this.failure) throw this.failure;
      throw new PluginFault('broken', 'It broke off in the middle of an answer.', { cause: error });
    }
    await this.closed;
    if (this.failure) throw this.failure;
  }

  /** Ends it for a reason, which whoever reads its frames is told. */
  fail(failure: PluginFault): void {
    this.failure ??= failure;
    this.child.kill('SIGKILL');
  }

  /** Ends it, whatever it does; resolves when it is gone. */
  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    this.child.stdin.destroy();
    this.child.stdout.destroy();
    await this.closed;
  }

  /** Why it ended although it still had something to say. */
  endedEarly(): PluginFault {
    const { exitCode, signalCode } = this.child;
    const how = signalCode === null ? `status ${exitCode ?? 'unknown'}` : signalCode;
    const isMemory = /heap out of memory|Failed to allocate|FatalOOM|Array buffer allocation failed/i.test(
      this.complaint,
    );
    if (isMemory) return new PluginFault('too-much', 'It used more memory than it may.');
    const lines = this.complaint.trim().split('\n');
    return new PluginFault('broken', `Its process ended (${how}). ${lines.slice(-5).join(' ')}`.trim());
  }
}

/** The command that runs the child's program for a source, without its confinement by the system. */
function nodeCommand({ directory, entry }: ForeignCode): string[] {
  const sdk = sdkPlaces();
  const places: ChildPlaces = {
    entry: pathToFileURL(entry).href,
    plugin: folderUrl(directory),
    host: folderUrl(hostFolder),
    sdk,
  };
  const readable = [directory, hostFolder, new URL(sdk.folder).pathname, new URL(sdk.zodFolder).pathname, packageJson];
  return [...confinedNode(readable), main, JSON.stringify(places)];
}

/** Node without any permission but to read this. */
export function confinedNode(readable: readonly string[]): string[] {
  return [
    process.execPath,
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${CHILD_HEAP_MB}`,
    '--max-semi-space-size=4',
    '--no-warnings',
    '--no-addons',
    '--disallow-code-generation-from-strings',
  ];
}
