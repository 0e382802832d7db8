/** A day in milliseconds. */
const dayMs = 86_400_000;

/** Days that a generated archive reaches back. */
export const archiveDays = 365;

const jails = [
  'sshd',
  'sshd',
  'sshd',
  'sshd',
  'nginx-http-auth',
  'nginx-http-auth',
  'postfix',
  'dovecot',
  'recidive',
  'web',
  'mysql',
  'blocklist-import',
];

/** Columns of {@link archiveRows}, in order. */
export const rowColumns = [
  'jail',
  'address',
  'address_key',
  'prefix',
  'action',
  'at',
  'duration',
  'ban_count',
  'failures',
  'matches',
  'origin',
  'country',
  'asn',
  'organisation',
] as const;

/** Values of one row; the key is hexadecimal. */
export type ArchiveRow = readonly (string | number)[];

/** What is to be done with each row that was stored. */
export interface Follower {
  /** A promise only where it has to be waited for. */
  take(row: readonly (string | number | null)[]): Promise<void> | undefined;
  end(): Promise<void>;
}

/** The word that only one in 100,000 of the generated lines holds. */
export const rareWord = 'xylophone';

/**
 * Bans of one year until `now`, oldest first: 3,000 networks in 120 countries of which a few send most, two million
 * addresses that come back, twelve jails, and busy and quiet hours. The same for the same numbers.
 */
export function* archiveRows(count: number, now: number): Generator<ArchiveRow> {
  let state = 88_172_645;
  const random = (): number => {
    // Xorshift: quick, and good enough for a distribution.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const step = (archiveDays * dayMs) / count;
  const start = now - archiveDays * dayMs;
  for (let index = 0; index < count; index += 1) {
    const network = Math.floor(random() ** 3 * 3_000);
    const host = Math.floor(random() ** 2 * 700);
    const high = 1 + ((network * 7) % 220);
    const octets = [high, network >> 4, ((network & 15) << 4) | (host >> 6), (host * 37) & 255];
    const address = octets.join('.');
    const country = String.fromCharCode(65 + (network % 12), 65 + ((network >> 2) % 10));
    const jail = jails[Math.floor(random() * jails.length)] ?? 'sshd';
    // More at noon than at midnight.
    const at = Math.floor(start + index * step + Math.sin((index * step) / dayMs) * step);
    const word = index % 100_000 === 77 ? rareWord : `u${index % 977}`;
    yield [
      jail,
      address,
      `00000000000000000000ffff${octets.map((octet) => octet.toString(16).padStart(2, '0')).join('')}`,
      128,
      'ban',
      at,
      600,
      1 + (index % 4),
      3 + (index % 5),
      `["Failed password for ${word} from ${address} port ${1_024 + (index % 60_000)}"]`,
      jail === 'blocklist-import' ? 'blocklist' : 'selfblock',
      country,
      64_512 + network,
      `Network ${network}`,
    ];
  }
}
