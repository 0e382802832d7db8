import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { isCount, isServed, membersOf } from '@bangui/enforcement';

/** How far the first activation of a machine has come. */
export type Activation =
  /** Nothing was blocked here yet. */
  | { readonly state: 'new' }
  /** Something is blocked, and undone unless confirmed. Epoch milliseconds, and seconds since this boot of the machine. */
  | { readonly state: 'trial'; readonly startedAt: number; readonly bootId: string; readonly endsAtUptime: number }
  /** Nobody confirmed; only a later resync than this one begins anew. */
  | { readonly state: 'reverted'; readonly resync: number }
  | { readonly state: 'confirmed' };

/** What the enforcer keeps over its restarts. */
export interface KeptState {
  readonly id: string;
  readonly activation: Activation;
}

/** Another process uses the folder. */
export class FolderInUse extends Error {}

/** The folder in which an enforcer keeps its state: what it applied last, how far its first activation is, and a socket that tells that it runs. */
export class StateFolder {
  private readonly dir: string;
  private server: Server | undefined;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** Makes the folder and takes it for this process. @throws {FolderInUse} */
  async open(): Promise<void> {
    await mkdir(this.dir, { recursive: true, mode: 0o700 });
    const path = join(this.dir, 'running.sock');
    if (await isServed(path)) throw new FolderInUse(`Another enforcer runs with ${this.dir}.`);
    await rm(path, { force: true });
    const server = createServer((socket) => socket.destroy()).listen(path);
    await once(server, 'listening');
    server.unref();
    this.server = server;
  }

  /** Lets others have it. */
  async close(): Promise<void> {
    const { server } = this;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    await closed;
  }

  /** What was kept; a new state when there is none that can be read. */
  async state(): Promise<KeptState> {
    const text = await readFile(join(this.dir, 'state.json'), 'utf8').catch(() => '{}');
    const { id, activation } = membersOf(parsed(text));
    return { id: typeof id === 'string' && id !== '' ? id : randomUUID(), activation: readActivation(activation) };
  }

  /** Keeps the state. */
  async keepState(state: KeptState): Promise<void> {
    await this.write('state.json', new TextEncoder().encode(JSON.stringify(state)));
  }

  /** The wanted set that was kept, packed; undefined when there is none. */
  async wanted(): Promise<Uint8Array | undefined> {
    return readFile(join(this.dir, 'wanted')).catch(() => undefined);
  }

  /** Keeps the wanted set. */
  async keepWanted(bytes: Uint8Array): Promise<void> {
    await this.write('wanted', bytes);
  }

  /** Forgets what was applied and that anything ever was; the id stays. */
  async forget(): Promise<void> {
    const { id } = await this.state();
    await rm(join(this.dir, 'wanted'), { force: true });
    await this.keepState({ id, activation: { state: 'new' } });
  }

  /** In one step: whoever is killed meanwhile leaves the old content. */
  private async write(name: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.dir, name);
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // whoever edited it by hand gets a new one
  }
}

function readActivation(value: unknown): Activation {
  const { state, startedAt, bootId, endsAtUptime, resync } = membersOf(value);
  if (state === 'confirmed') return { state };
  if (state === 'reverted' && isCount(resync)) return { state, resync };
  if (state === 'trial' && isCount(startedAt) && typeof bootId === 'string' && typeof endsAtUptime === 'number') {
    return { state, startedAt, bootId, endsAtUptime };
  }
  return { state: 'new' };
}
