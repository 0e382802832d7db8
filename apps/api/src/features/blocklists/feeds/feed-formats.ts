/** Whether an entry comes or goes. */
export type EntryChange = 'add' | 'remove';

/** One network on its way into a feed. */
export interface FeedEntry {
  readonly family: 4 | 6;
  /** Without the prefix when it is a single address. */
  readonly text: string;
  /** Always with the prefix. */
  readonly cidr: string;
}

/** What a feed is about. */
export interface FeedHead {
  /** Kebab-case; names the set on the other side. */
  readonly name: string;
  readonly generation: number;
  readonly hash: string;
  /** The generation that the feed leads on from; null when it is a whole one. */
  readonly since: number | null;
}

/** How a feed is written. Entries come with IPv4 first, in order. */
export interface FeedFormat {
  readonly contentType: string;
  head(head: FeedHead): string;
  /** An entry of a whole feed, or of one that tells only what changed. */
  entry(entry: FeedEntry, change: EntryChange, head: FeedHead, index: number): string;
  tail(head: FeedHead): string;
}

const plain = 'text/plain; charset=utf-8';
const nothing = (): string => '';
const sign = (change: EntryChange, { since }: FeedHead): string => (since === null ? '' : change === 'add' ? '+' : '-');
const comment = ({ name, generation, since }: FeedHead): string =>
  `# BanGUI ${name}, generation ${generation}${since === null ? '' : `, changes since ${since}`}\n`;
const setName = ({ name }: FeedHead, family: 4 | 6): string => `bangui-${name}`.slice(0, 28) + `-${family}`;

const txt: FeedFormat = {
  contentType: plain,
  head: nothing,
  entry: ({ text }, change, head) => `${sign(change, head)}${text}\n`,
  tail: nothing,
};

const cidr: FeedFormat = { ...txt, entry: ({ cidr: network }, change, head) => `${sign(change, head)}${network}\n` };

/** For `nft -f`: the table and the sets are made when they are missing; a whole feed empties them first. */
const nft: FeedFormat = {
  contentType: plain,
  head: (head) => {
    const sets = ([4, 6] as const).map((family) => {
      const name = setName(head, family);
      const made = `add set inet bangui ${name} { type ipv${family}_addr; flags interval; auto-merge; }\n`;
      return head.since === null ? `${made}flush set inet bangui ${name}\n` : made;
    });
    return `${comment(head)}add table inet bangui\n${sets.join('')}`;
  },
  entry: ({ family, text }, change, head) =>
    `${change === 'add' ? 'add' : 'delete'} element inet bangui ${setName(head, family)} { ${text} }\n`,
  tail: nothing,
};

/** For `ipset restore -exist`. */
const ipset: FeedFormat = {
  contentType: plain,
  head: (head) =>
    comment(head) +
    ([4, 6] as const)
      .map((family) => {
        const name = setName(head, family);
        const made = `create ${name} hash:net family ${family === 4 ? 'inet' : 'inet6'} maxelem 16777216\n`;
        return head.since === null ? `${made}flush ${name}\n` : made;
      })
      .join(''),
  entry: ({ family, text }, change, head) => `${change === 'add' ? 'add' : 'del'} ${setName(head, family)} ${text}\n`,
  tail: nothing,
};

/** A script for RouterOS. A whole feed empties the list first. */
const rsc: FeedFormat = {
  contentType: plain,
  head: (head) => {
    const list = `bangui-${head.name}`;
    if (head.since !== null) return comment(head);
    const empty = (path: string): string => `${path}\nremove [find list="${list}"]\n`;
    return `${comment(head)}${empty('/ip firewall address-list')}${empty('/ipv6 firewall address-list')}`;
  },
  entry: ({ family, cidr: network }, change, { name }) => {
    const path = family === 4 ? '/ip firewall address-list' : '/ipv6 firewall address-list';
    const what =
      change === 'add'
        ? `add list="bangui-${name}" address=${network}`
        : `remove [find list="bangui-${name}" address=${network}]`;
    return `${path} ${what}\n`;
  },
  tail: nothing,
};

/** Entries that came or are there in `networks`; what went is marked in the same list by `-`. */
const json: FeedFormat = {
  contentType: 'application/json; charset=utf-8',
  head: ({ name, generation, hash, since }) =>
    `${JSON.stringify({ name, generation, hash, since }).slice(0, -1)},"networks":[`,
  entry: ({ cidr: network }, change, head, index) =>
    `${index === 0 ? '' : ','}"${head.since === null ? '' : sign(change, head)}${network}"`,
  tail: () => ']}\n',
};

/** Every format by the ending of its address. */
export const feedFormats = { txt, cidr, nft, ipset, json, rsc } as const satisfies Readonly<Record<string, FeedFormat>>;
