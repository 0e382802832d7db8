import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { KernelApplier, type Programs, type WantedSet } from '@bangui/enforcer';
import { AddressSet, AddressSetBuilder } from '@bangui/ip';
import { NetworkPair } from '../../apps/enforcer/src/testing/network-pair.ts';
import { atMost, type Figure } from './measure.ts';

const ENTRIES = 1_000_000;

/** A million addresses into the kernel, in a network namespace of its own, beside `ipset restore` of a file with the same. */
export async function measureEnforcer(): Promise<Figure[]> {
  const pair = await NetworkPair.open([]);
  const folder = await mkdtemp(join(tmpdir(), 'bangui-bench-'));
  try {
    const path = join(folder, 'restore');
    await writeRestoreFile(path);
    const bare = await restore(pair.host, path);
    const applier = new KernelApplier(pair.host);
    const full = await applier.apply(wanted(0));
    const second = new KernelApplier(pair.host);
    const reload = await second.apply(wanted(0));
    const changed = await second.apply(wanted(ENTRIES / 100));
    const same = await second.apply(wanted(ENTRIES / 100));
    return [
      { name: '`ipset restore` of 1,000,000 addresses from a file', value: `${bare.toFixed(0)} ms` },
      atMost('the same applied and proved by the enforcer', full.tookMs, 4_000, 'ms', 0),
      { name: 'applied over the old ones, by swap', value: `${reload.tookMs.toFixed(0)} ms` },
      atMost('1 % changed, applied as a difference', changed.tookMs, 1_000, 'ms', 0),
      { name: 'nothing changed, proved', value: `${same.tookMs.toFixed(0)} ms` },
      { name: 'kernel memory of the sets', value: `${(full.state.memoryBytes / 2 ** 20).toFixed(0)} MiB` },
    ];
  } finally {
    pair.close();
    await rm(folder, { recursive: true });
  }
}

/** A million addresses, of which the first `changed` are others than at 0. */
function wanted(changed: number): WantedSet {
  const hosts4 = new Uint32Array(ENTRIES).map((_, index) => address(index) + (index < changed ? 2 : 0));
  const builder = new AddressSetBuilder();
  builder.addBatch({ hosts4, ranges4: new Uint32Array(), ranges6: new Uint32Array(), invalid: 0 });
  return { generation: changed, blocked: builder.build().set, allowed: AddressSet.empty, placement: 'raw' };
}

function address(index: number): number {
  return 0x1000_0000 + index * 2_100;
}

async function restore(programs: Programs, path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const startedAt = performance.now();
    await programs.run('ipset', ['restore'], { fd: file.fd });
    return performance.now() - startedAt;
  } finally {
    await file.close();
    await programs.run('ipset', ['destroy', 'bare']);
  }
}

async function writeRestoreFile(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.write('create bare hash:ip family inet hashsize 262144 maxelem 4000000\n');
    for (let start = 0; start < ENTRIES; start += 50_000) {
      let text = '';
      for (let index = start; index < start + 50_000; index += 1) {
        const value = address(index);
        text += `add bare ${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}\n`;
      }
      await file.write(text);
    }
  } finally {
    await file.close();
  }
}
