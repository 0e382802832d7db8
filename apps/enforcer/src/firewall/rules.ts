import { type Family } from '@bangui/ip';
import { allowSet, blockList } from '../ipset/set-names.ts';
import { type Placement } from '../wanted-set.ts';

/** The chain that holds our rules; it has this name in every table. */
export const CHAIN = 'BANGUI';

/** The table and the chains of the kernel that lead to ours. */
export const PLACES: Readonly<Record<Placement, { table: string; hooks: readonly string[] }>> = {
  raw: { table: 'raw', hooks: ['PREROUTING'] },
  established: { table: 'filter', hooks: ['INPUT', 'FORWARD'] },
};

/**
 * Our rules in the words of `iptables -S`, so that what is there can be compared with what should be. Who is let through returns to the
 * chain before: another firewall's rules still see the packet.
 */
export function rulesOf(placement: Placement, family: Family): string[] {
  return [
    `-A ${CHAIN} -i lo -j RETURN`,
    ...(placement === 'established' ? [`-A ${CHAIN} -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN`] : []),
    `-A ${CHAIN} -m set --match-set ${allowSet(family)} src -j RETURN`,
    `-A ${CHAIN} -m set --match-set ${blockList(family)} src -j DROP`,
  ];
}

/** One transaction that makes the chain anew and puts it first; `jumps` tells how often each hook leads to it already. */
export function installation(placement: Placement, family: Family, jumps: ReadonlyMap<string, number>): string {
  const { table, hooks } = PLACES[placement];
  const jump = (hook: string): string[] => [
    ...Array.from({ length: jumps.get(hook) ?? 0 }, () => `-D ${hook} -j ${CHAIN}`),
    `-I ${hook} 1 -j ${CHAIN}`,
  ];
  return transaction(table, [`:${CHAIN} - [0:0]`, ...rulesOf(placement, family), ...hooks.flatMap(jump)]);
}

/** One transaction that removes the chain and everything that leads to it. */
export function removal(placement: Placement, jumps: ReadonlyMap<string, number>): string {
  const { table, hooks } = PLACES[placement];
  const jump = (hook: string): string[] => Array.from({ length: jumps.get(hook) ?? 0 }, () => `-D ${hook} -j ${CHAIN}`);
  return transaction(table, [...hooks.flatMap(jump), `-F ${CHAIN}`, `-X ${CHAIN}`]);
}

function transaction(table: string, commands: readonly string[]): string {
  return [`*${table}`, ...commands, 'COMMIT', ''].join('\n');
}
