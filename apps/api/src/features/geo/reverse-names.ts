import { Resolver } from 'node:dns/promises';
import { classify, type AddressClass, type Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { GeoCacheRepository } from './geo-cache.repository.ts';
import { ReverseNamesBusy, ReverseNameUnanswered } from './geo.errors.ts';

/** Longest name in characters (RFC 1035 §2.3.4, without the last dot). */
const maxNameLength = 253;
/** Names that are looked up at the same time. */
const mostLookUps = 16;
/** How long an answer is kept, in milliseconds: a name, and that there is none. */
const keptMs = { name: 24 * 60 * 60_000, none: 60 * 60_000 };
/** Other addresses have no name by their nature; asking would only tell strangers about us. */
const named: readonly AddressClass[] = ['global', 'private', 'shared'];
/** Answers that say there is no name. */
const noName = new Set(['ENOTFOUND', 'ENODATA']);

/** How names are looked up; other servers and a shorter limit in tests. */
export class ReverseNameOptions {
  /** Name servers as `address` or `address:port`; the system's when undefined. */
  readonly servers?: readonly string[];
  /** Milliseconds after which a look-up is given up. */
  readonly limitMs: number = 3_000;
}

/** One look-up that is under way, and how many wait for it. */
interface LookUp {
  readonly answer: Promise<string | null>;
  readonly cancel: () => void;
  waiting: number;
}

/** Reverse names by DNS, on demand, with a limit; answers are kept for a while. */
@Injectable()
export class ReverseNames {
  private readonly underWay = new Map<string, LookUp>();

  constructor(
    private readonly cache: GeoCacheRepository,
    private readonly clock: Clock,
    private readonly options: ReverseNameOptions,
  ) {}

  /** See `Geo.reverseName`. */
  async find(network: Network, signal?: AbortSignal): Promise<string | null> {
    if (!network.isAddress || !named.includes(classify(network))) return null;
    const address = network.toString();
    const known = await this.cache.find(address, this.clock.now());
    if (known !== null) return known.name;
    signal?.throwIfAborted();
    const lookUp = this.underWay.get(address) ?? this.begin(network, address);
    return this.wait(lookUp, signal);
  }

  private begin(network: Network, address: string): LookUp {
    if (this.underWay.size >= mostLookUps) throw new ReverseNamesBusy();
    const resolver = new Resolver({ timeout: Math.max(100, Math.floor(this.options.limitMs / 3)), tries: 3 });
    if (this.options.servers !== undefined) resolver.setServers(this.options.servers);
    const limit = setTimeout(() => resolver.cancel(), this.options.limitMs);
    const answer = this.ask(resolver, reverseZone(network), address).finally(() => {
      clearTimeout(limit);
      if (this.underWay.get(address) === lookUp) this.underWay.delete(address);
    });
    // Nobody may be left to hear of a failure.
    answer.catch(() => undefined);
    const cancel = (): void => {
      // At once, so that whoever asks now does not get the cancelled one.
      this.underWay.delete(address);
      resolver.cancel();
    };
    const lookUp: LookUp = { answer, cancel, waiting: 0 };
    this.underWay.set(address, lookUp);
    return lookUp;
  }

  private async ask(resolver: Resolver, question: string, address: string): Promise<string | null> {
    const at = this.clock.now();
    let name: string | null;
    try {
      name = firstName(await resolver.resolvePtr(question));
    } catch (error) {
      if (!noName.has(codeOf(error))) throw new ReverseNameUnanswered({ cause: error });
      name = null;
    }
    await this.cache.keep({ address, name, at, expiresAt: at + (name === null ? keptMs.none : keptMs.name) });
    return name;
  }

  /** The answer, unless `signal` aborts first. The last one to leave ends the look-up. */
  private async wait(lookUp: LookUp, signal?: AbortSignal): Promise<string | null> {
    lookUp.waiting += 1;
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([lookUp.answer, left]);
    } finally {
      signal?.removeEventListener('abort', leave);
      lookUp.waiting -= 1;
      if (lookUp.waiting === 0 && signal?.aborted) lookUp.cancel();
    }
  }
}

/**
 * What DNS is asked (RFC 1035 §3.5, RFC 3596 §2.5). Not `resolver.reverse`, which cannot tell a server that failed from a
 * name that is not there.
 */
function reverseZone(network: Network): string {
  if (network.family === 4) return `${network.toString().split('.').reverse().join('.')}.in-addr.arpa`;
  const digits = network.first.toString(16).padStart(32, '0');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}

/** The name to show: of several the first by alphabet, so that it is the same every time. Hostile, but storable text. */
function firstName(names: readonly string[]): string | null {
  const [name = ''] = names.map((each) => each.replace(/\.$/, '')).sort();
  return name === '' ? null : name.slice(0, maxNameLength).toWellFormed().replaceAll('\0', '\u2400');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
