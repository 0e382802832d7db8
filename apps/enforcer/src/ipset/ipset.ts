import { type Input, type Programs } from '../programs.ts';

/** What `ipset list -t` says of a set. */
export interface SetHeader {
  readonly name: string;
  readonly type: string;
  readonly entries: number;
  /** Entries it may hold; 0 for a list of sets. */
  readonly maxEntries: number;
  readonly memoryBytes: number;
}

/** The commands of `ipset` that we need. */
export class Ipset {
  private readonly programs: Programs;

  constructor(programs: Programs) {
    this.programs = programs;
  }

  /** The headers of all sets by name, without their entries: cheap at any size. */
  async headers(): Promise<Map<string, SetHeader>> {
    const text = await this.programs.run('ipset', ['list', '-t']);
    const headers = text.split('\n\n').map(readHeader);
    return new Map(headers.filter((each) => each !== undefined).map((each) => [each.name, each]));
  }

  /** The members of lists of sets, which must be there. */
  async membersOf(lists: readonly string[]): Promise<Map<string, string[]>> {
    const members = new Map<string, string[]>(lists.map((list) => [list, []]));
    if (lists.length === 0) return members;
    // One program for all of them.
    const commands = new TextEncoder().encode(lists.map((list) => `save ${list}\n`).join(''));
    const text = await this.programs.run('ipset', ['restore'], [commands]);
    for (const line of text.split('\n')) {
      const [verb, list = '', member = ''] = line.split(' ');
      if (verb === 'add') members.get(list)?.push(member);
    }
    return members;
  }

  /** Feeds commands; a bad one stops at its line. What is there already, or is gone already, is no error. */
  async restore(input: Input): Promise<void> {
    await this.programs.run('ipset', ['-exist', 'restore'], input);
  }

  /** Whether a set of addresses has an address, or a network as an entry. */
  async has(set: string, entry: string): Promise<boolean> {
    return (await this.programs.ask('ipset', ['-quiet', 'test', set, entry])) !== undefined;
  }

  /** Destroys a set; false when something still uses it. */
  async destroy(set: string): Promise<boolean> {
    return (await this.programs.ask('ipset', ['destroy', set])) !== undefined;
  }
}

function readHeader(text: string): SetHeader | undefined {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1];
  const name = field('Name');
  if (name === undefined) return undefined;
  return {
    name,
    type: field('Type') ?? '',
    entries: Number(field('Number of entries') ?? Number.NaN),
    maxEntries: Number(/maxelem (\d+)/.exec(field('Header') ?? '')?.[1] ?? 0),
    memoryBytes: Number(field('Size in memory') ?? 0),
  };
}
