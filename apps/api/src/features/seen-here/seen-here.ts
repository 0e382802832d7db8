import { stat } from 'node:fs/promises';
import { classify, Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Settings } from '../../core/config/settings.ts';
import { AuditRepository } from '../audit/index.ts';
import { type SeenAddress, type SeenHere, type SignInKind, type SignInSource } from './seen-here.dto.ts';
import { readSshdLog, type SshdLog } from './sshd-log.ts';

/** How far back is looked. */
const windowMs = 30 * 86_400_000;
/** The log is read again after so many milliseconds. */
const freshMs = 60_000;
/** Addresses that are shown. */
const maxShown = 50;
/** Where sshd's sign-ins are logged: Debian and its kin, Red Hat and its kin. */
const usualLogs = ['/var/log/auth.log', '/var/log/secure'] as const;

/** Everybody who signed in, and how that is known. */
export interface KnownSignIns {
  /** Latest sign-in first. */
  readonly addresses: readonly SeenAddress[];
  readonly sources: readonly SignInSource[];
}

/** From where people signed in successfully within 30 days: whoever bans them probably errs. */
@Injectable()
export class SignInsHere {
  private readAt = Number.NEGATIVE_INFINITY;
  private sshd: Promise<SshdLog & { readonly path: string | null }> | undefined;

  constructor(
    private readonly audit: AuditRepository,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** All of them, at most some 100,000. Addresses of this machine itself are left out. */
  async known(): Promise<KnownSignIns> {
    const since = this.clock.now() - windowMs;
    const [own, sshd] = await Promise.all([this.audit.addressesOf('session.create', since), this.sshdLog(since)]);
    const all = new Map<string, SeenAddress>();
    for (const { address, count, lastAt } of own) meet(all, 'bangui', address, count, lastAt);
    for (const { address, at } of sshd.lines) meet(all, 'sshd', address, 1, at);
    return {
      addresses: [...all.values()].sort((one, other) => other.lastAt - one.lastAt),
      sources: [
        { kind: 'bangui', state: 'read', path: null },
        { kind: 'sshd', state: sshd.state, path: sshd.path },
      ],
    };
  }

  private sshdLog(since: number): Promise<SshdLog & { readonly path: string | null }> {
    const now = this.clock.monotonic();
    if (!this.sshd || now - this.readAt > freshMs) {
      this.readAt = now;
      this.sshd = this.readSshd(since);
    }
    return this.sshd;
  }

  private async readSshd(since: number): Promise<SshdLog & { readonly path: string | null }> {
    const path = this.settings.sshdLog ?? (await firstThere(usualLogs));
    return path === undefined
      ? { state: 'missing', lines: [], path: null }
      : { ...(await readSshdLog(path, since)), path };
  }
}

/** Those of them, as the API tells it. */
export function shownSignIns(addresses: readonly SeenAddress[], sources: readonly SignInSource[]): SeenHere {
  return { items: addresses.slice(0, maxShown), count: addresses.length, sources: [...sources] };
}

function meet(all: Map<string, SeenAddress>, kind: SignInKind, text: string, count: number, at: number): void {
  const network = Network.parse(text);
  if (!network || ['loopback', 'unspecified'].includes(classify(network))) return;
  const address = network.toString();
  const seen = all.get(address);
  all.set(address, {
    address,
    through: [...new Set([...(seen?.through ?? []), kind])].sort(),
    signIns: (seen?.signIns ?? 0) + count,
    lastAt: Math.max(seen?.lastAt ?? 0, at),
  });
}

async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
