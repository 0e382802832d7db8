import { type Family } from '@bangui/ip';
import { type Programs } from '../programs.ts';
import { type Placement } from '../wanted-set.ts';
import { CHAIN, installation, PLACES, removal, rulesOf } from './rules.ts';

/** Seconds to wait for another program that changes the rules. */
const WAIT = ['-w', '10'] as const;

/** Packets and bytes that the rule of a family dropped. */
export interface Dropped {
  readonly packets: number;
  readonly bytes: number;
}

/** Our chain as it stands in one table. */
interface Found {
  /** Rules without counters; undefined when there is no chain. */
  readonly rules: readonly string[] | undefined;
  readonly dropped: Dropped;
  /** How often each hook leads to the chain. */
  readonly jumps: ReadonlyMap<string, number>;
  /** Whether our chain comes first in each hook. */
  readonly isFirst: boolean;
}

/** Keeps our chain in the firewall of one family. */
export class Iptables {
  private readonly programs: Programs;
  private readonly family: Family;

  constructor(programs: Programs, family: Family) {
    this.programs = programs;
    this.family = family;
  }

  /** Whether the rules are exactly ours, once, first, and in no other place; and what they dropped. */
  async inspect(placement: Placement): Promise<{ isInPlace: boolean; dropped: Dropped }> {
    const found = await this.find(placement);
    const other = await this.find(otherThan(placement));
    const isInPlace =
      found.isFirst &&
      [...found.jumps.values()].every((count) => count === 1) &&
      found.rules?.join('\n') === rulesOf(placement, this.family).join('\n') &&
      other.rules === undefined;
    return { isInPlace, dropped: found.dropped };
  }

  /** Puts our rules in place, all at once; those of the other placement go afterwards, so that there is no moment without. */
  async install(placement: Placement): Promise<void> {
    const { jumps } = await this.find(placement);
    await this.restore(installation(placement, this.family, jumps));
    await this.removeFrom(otherThan(placement));
  }

  /** Removes our rules from every table. */
  async remove(): Promise<void> {
    await this.removeFrom('raw');
    await this.removeFrom('established');
  }

  private async removeFrom(placement: Placement): Promise<void> {
    const { rules, jumps } = await this.find(placement);
    if (rules !== undefined) await this.restore(removal(placement, jumps));
  }

  private async restore(transaction: string): Promise<void> {
    await this.programs.run(`${this.program}-restore`, ['--noflush', ...WAIT], [new TextEncoder().encode(transaction)]);
  }

  private async find(placement: Placement): Promise<Found> {
    const { table, hooks } = PLACES[placement];
    const text = await this.programs.run(this.program, [...WAIT, '-t', table, '-S', '-v']);
    const lines = text.split('\n');
    const isChain = lines.includes(`-N ${CHAIN}`);
    const counted = lines.filter((line) => line.startsWith(`-A ${CHAIN} `));
    const drop = /-c (\d+) (\d+) -j DROP$/.exec(counted.at(-1) ?? '');
    const jumps = new Map<string, number>();
    let isFirst = true;
    for (const hook of hooks) {
      const ofHook = lines.filter((line) => line.startsWith(`-A ${hook} `)).map(withoutCounters);
      jumps.set(hook, ofHook.filter((line) => line === `-A ${hook} -j ${CHAIN}`).length);
      isFirst &&= ofHook[0] === `-A ${hook} -j ${CHAIN}`;
    }
    return {
      rules: isChain ? counted.map(withoutCounters) : undefined,
      dropped: { packets: Number(drop?.[1] ?? 0), bytes: Number(drop?.[2] ?? 0) },
      jumps,
      isFirst,
    };
  }

  private get program(): string {
    return this.family === 4 ? 'iptables' : 'ip6tables';
  }
}

function otherThan(placement: Placement): Placement {
  return placement === 'raw' ? 'established' : 'raw';
}

function withoutCounters(rule: string): string {
  return rule.replace(/ -c \d+ \d+(?= -j )/, '');
}
