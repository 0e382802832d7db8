import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Network } from '@bangui/ip';
import fc from 'fast-check';
import { Reader, type Response } from 'mmdb-lib';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { type Writable, writeMmdb } from '../testing/write-mmdb.ts';
import { type MmdbValue } from './mmdb-decoder.ts';
import { MmdbFile } from './mmdb-file.ts';

const network = (text: string): Network => {
  const parsed = Network.parse(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const anyNetwork = fc.oneof(
  fc
    .tuple(fc.bigInt(0n, 2n ** 32n - 1n), fc.integer({ min: 1, max: 32 }))
    .map(([first, prefix]) => ({ family: 4 as const, first, prefix })),
  fc
    // Global addresses: the beginning of IPv6's space holds IPv4's, which have networks of their own here.
    .tuple(fc.bigInt(2n ** 125n, 2n ** 128n - 1n), fc.integer({ min: 24, max: 128 }))
    .map(([first, prefix]) => ({ family: 6 as const, first, prefix })),
);
const built = ({ family, first, prefix }: { family: 4 | 6; first: bigint; prefix: number }): Network => {
  const made = Network.of(family, first, prefix);
  if (made === undefined) throw new Error('out of bounds');
  return made;
};
const anyRecord: fc.Arbitrary<Writable> = fc.letrec<{ value: Writable }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ maxLength: 400 }),
    fc.nat(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

/** The record of an address. */
function find(file: MmdbFile, address: Network): MmdbValue | undefined {
  const offset = file.offsetOf(address);
  return offset === undefined ? undefined : file.read(offset);
}

/** Maps as objects, as the other reader gives them. */
function plain(value: MmdbValue | undefined): unknown {
  if (value instanceof Map) {
    const map = value as ReadonlyMap<string, MmdbValue>;
    return Object.fromEntries([...map].map(([key, each]) => [key, plain(each)]));
  }
  return Array.isArray(value) ? (value as readonly MmdbValue[]).map(plain) : (value ?? null);
}

describe('a database in MaxMind’s format', () => {
  it.each([24, 28, 32] as const)(
    'with records of %i bits is read as the reference reader reads it',
    async (recordBits) => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'any.mmdb');
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(anyNetwork, anyRecord), { minLength: 1, maxLength: 20 }),
          fc.array(anyNetwork, { maxLength: 20 }),
          async (entries, others) => {
            const networks = entries.map(([range, record]) => ({ network: built(range), record }));
            const bytes = writeMmdb({ type: 'Test', networks, recordBits });
            await writeFile(path, bytes);
            const reference = new Reader<Response>(bytes);
            const file = MmdbFile.open(path);
            try {
              for (const each of [...networks.map((entry) => entry.network), ...others.map(built)]) {
                const [address = ''] = each.toString().split('/');
                expect(plain(find(file, each))).toEqual(reference.get(address));
              }
            } finally {
              file.close();
            }
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it('says what it is and when it was made', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.mmdb');
    const networks = [{ network: network('1.0.0.0/8'), record: 'x' }];
    await writeFile(path, writeMmdb({ type: 'GeoLite2-City', networks, builtAt: 1_700_000_000 }));
    const file = MmdbFile.open(path);
    expect(file.about).toEqual({ type: 'GeoLite2-City', builtAt: 1_700_000_000_000 });
    file.close();
  });

  it('that holds IPv4 only knows no IPv6 address', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.mmdb');
    await writeFile(
      path,
      writeMmdb({ type: 'Test', ipVersion: 4, networks: [{ network: network('1.0.0.0/8'), record: 'x' }] }),
    );
    const file = MmdbFile.open(path);
    expect([find(file, network('1.2.3.4')), find(file, network('2.0.0.1')), find(file, network('2600::1'))]).toEqual([
      'x',
      undefined,
      undefined,
    ]);
    file.close();
  });

  it.each([4, 6] as const)('tells all its networks of IPv%i in order, each once', async (family) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'any.mmdb');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anyNetwork, fc.nat()), { minLength: 1, maxLength: 30 }), async (entries) => {
        const networks = entries.map(([range, record]) => ({ network: built(range), record }));
        await writeFile(path, writeMmdb({ type: 'Test', networks, recordBits: 28 }));
        const file = MmdbFile.open(path);
        try {
          const bits = family === 4 ? 32 : 128;
          const told = [...file.networks(family, bits)];
          told.forEach(({ first, last, offset }, index) => {
            expect(first > (told[index - 1]?.last ?? -1n)).toBe(true);
            const edges = [first, last].map((value) => built({ family, first: value, prefix: bits }));
            expect(edges.map((each) => file.offsetOf(each))).toEqual([offset, offset]);
          });
          // Whatever has a record was told.
          for (const { network: each } of networks.filter((entry) => entry.network.family === family)) {
            const isTold = told.some(({ first, last }) => first <= each.first && each.first <= last);
            expect(isTold).toBe(file.offsetOf(each) !== undefined);
          }
        } finally {
          file.close();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out what is divided further than asked for', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.mmdb');
    const networks = ['1.0.0.0/8', '2.0.0.0/9', '3.0.0.0/8'].map((text) => ({ network: network(text), record: text }));
    await writeFile(path, writeMmdb({ type: 'Test', ipVersion: 4, networks }));
    const file = MmdbFile.open(path);
    const told = [...file.networks(4, 8)].map(({ offset }) => file.read(offset));
    file.close();
    expect(told).toEqual(['1.0.0.0/8', '3.0.0.0/8']);
  });

  it('whose tree leads back to itself is refused, not followed without end', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.mmdb');
    const bytes = writeMmdb({ type: 'Test', ipVersion: 4, networks: [{ network: network('0.0.0.0/8'), record: 'x' }] });
    // Both sides of the first node are that node.
    bytes.fill(0, 0, 6);
    await writeFile(path, bytes);
    const file = MmdbFile.open(path);
    expect(() => [...file.networks(4, 32)]).toThrow('leads back to itself');
    file.close();
  });

  it('never does worse than refuse, whichever bytes of it are wrong, and never reads without end', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'bad.mmdb');
    const records = Array.from({ length: 12 }, (_, index) => ({
      network: network(`${index * 20}.0.0.0/8`),
      record: { country: { iso_code: 'DE', names: { en: 'Germany' } }, list: [1, 2, { deep: ['x'.repeat(40)] }] },
    }));
    const good = writeMmdb({ type: 'GeoLite2-City', networks: records });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.option(fc.nat(good.length), { freq: 3 }),
        fc.array(anyNetwork, { maxLength: 12 }),
        async (changes, length, wanted) => {
          const bytes = Buffer.from(good.subarray(0, length ?? good.length));
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          await writeFile(path, bytes);
          let file: MmdbFile | undefined;
          try {
            file = MmdbFile.open(path);
            for (const { network: each } of records) find(file, each);
            for (const each of wanted) find(file, built(each));
            for (const { offset } of file.networks(4, 32)) file.read(offset);
          } catch (error) {
            expect(error).toSatisfy(
              (thrown) => thrown instanceof Error && /^(PlaceDataBad|RangeError)$/.test(thrown.name),
            );
          } finally {
            file?.close();
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
