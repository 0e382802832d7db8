import type { ConfigurationSections } from './configuration-sections.ts';
import { interpolate } from './interpolation.ts';
import { substituteTags } from './tags.ts';

/** What fail2ban knows of a filter (client/filterreader.py). */
export const filterOptions = [
  'usedns',
  'prefregex',
  'ignoreregex',
  'failregex',
  'maxlines',
  'datepattern',
  'journalmatch',
] as const;

/** What fail2ban knows of an action (client/actionreader.py). */
export const actionOptions = [
  'actionstart',
  'actionstart_on_demand',
  'actionstop',
  'actionflush',
  'actionreload',
  'actioncheck',
  'actionrepair',
  'actionrepair_on_unban',
  'actionban',
  'actionprolong',
  'actionreban',
  'actionunban',
  'norestored',
] as const;

/** Tags that an action keeps until it bans (server/action.py), and those that depend on the ban. */
export const tagsOfBan: ReadonlySet<string> = new Set(['matches', 'ipmatches', 'ipjailmatches', 'timeout', 'bantime']);

/**
 * A filter or action as one jail uses it: `[Definition]`, `[Init]` and the jail's parameters brought together as
 * DefinitionInitConfigReader does (client/configreader.py). Methods throw UnresolvedValue.
 */
export class DefinitionReading {
  private readonly sections: ConfigurationSections;
  private readonly names: readonly string[];
  /** Parameters of the jail, then what `[Init]` says. */
  private readonly init: Map<string, string>;
  private definition = new Map<string, string>();
  /** What is known where `[Definition]` is evaluated: options of the jail, parameters and `[Init]`. */
  private variables: ReadonlyMap<string, string> = new Map();
  private readonly looked = new Map<string, string | undefined>();

  /** `names` are the options that fail2ban knows of it. */
  constructor(sections: ConfigurationSections, names: readonly string[], parameters: ReadonlyMap<string, string>) {
    this.sections = sections;
    this.names = names;
    this.init = new Map(parameters);
  }

  /** A filter knows what it reads, unless a file or the jail says so itself. */
  setLogType(backend: string): void {
    if (this.init.get('logtype') || this.sections.own('Definition', 'logtype') !== undefined) return;
    this.init.set('logtype', backend.startsWith('systemd') ? 'journal' : 'file');
  }

  /** Evaluates the options that neither jail nor parameters set; with `isWhole` also those fail2ban does not know. */
  read(jailOptions: ReadonlyMap<string, string>, { isWhole }: { readonly isWhole: boolean }): void {
    const { sections } = this;
    const given = new Map([...jailOptions, ...this.init]);
    this.definition = new Map();
    for (const name of this.names) {
      if (given.has(name)) continue;
      const value = this.value('Definition', name, given);
      if (value !== undefined) this.definition.set(name, value);
    }
    this.variables = given;
    for (const name of sections.ownNames('Init')) {
      if (!name.startsWith('known/')) this.setInit(`known/${name}`, name, { isReplaced: true });
      this.setInit(name, name, { isReplaced: false });
    }
    if (!isWhole || !sections.has('Definition')) return;
    for (const name of sections.ownNames('Definition')) {
      if (this.definition.has(name)) continue;
      const value = this.value('Definition', name);
      if (value !== undefined) this.definition.set(name, value);
    }
  }

  /** All options with tags replaced. */
  combined(ignored: ReadonlySet<string> = new Set()): Map<string, string> {
    const all = new Map([...this.definition, ...this.init]);
    const kept = new Set(ignored);
    for (const name of all.keys()) {
      // What has a variant for a condition is chosen when the server runs it.
      const condition = name.indexOf('?');
      if (condition > 0 && condition < name.length - 1 && /^[\p{L}\p{N}_]+$/u.test(name.slice(0, condition))) {
        kept.add(name.slice(0, condition));
      }
    }
    return substituteTags(all, kept, (tag) => this.look(tag));
  }

  /** What the filter adds to the jail's server-side options. */
  filter(): Map<string, string> {
    return picked(this.combined(), (name) => filterNames.has(name));
  }

  /** Options and properties of the action as they are sent. */
  action(): Map<string, string> {
    const sent = picked(this.combined(tagsOfBan), (name) => actionNames.has(name));
    for (const [name, value] of this.init) {
      if (!actionNames.has(name) && !name.startsWith('known/')) sent.set(name, value);
    }
    return sent;
  }

  private setInit(name: string, option: string, { isReplaced }: { readonly isReplaced: boolean }): void {
    if (!isReplaced && this.init.has(name)) return;
    const value = this.value('Init', option);
    if (value !== undefined) this.init.set(name, value);
  }

  /** `ConfigParser.get`: variables, section, DEFAULT. */
  private value(section: string, option: string, variables?: ReadonlyMap<string, string>): string | undefined {
    const { sections } = this;
    if (!sections.has(section) && section !== 'DEFAULT') return undefined;
    const name = option.toLowerCase();
    const raw = variables?.get(name) ?? sections.own(section, name) ?? sections.default(name);
    return raw === undefined ? undefined : interpolate({ sections, section, variables }, raw);
  }

  /** What `<tag>` or `<section/tag>` means where neither options nor parameters say so; every answer is kept. */
  private look(tag: string): string | undefined {
    if (this.looked.has(tag)) return this.looked.get(tag);
    const value = this.fromSection(tag) ?? this.value('Definition', tag, this.variables);
    this.looked.set(tag, value);
    return value;
  }

  private fromSection(tag: string): string | undefined {
    const [, from, option] = /^([\p{L}\p{N}_-]+)\/([^\s>]+)$/u.exec(tag) ?? [];
    if (from === undefined || option === undefined) return undefined;
    const kind = from.toLowerCase();
    if (kind === 'known') {
      const { sections } = this;
      const name = option.toLowerCase();
      // What was overridden has a section of its own, and like any other that one falls back on DEFAULT.
      const isOverridden = sections.headersOf('Definition').length > 1;
      const known = isOverridden ? (sections.known('Definition', name) ?? sections.default(name)) : undefined;
      return known === undefined
        ? this.value('Definition', option)
        : interpolate({ sections, section: 'KNOWN/Definition' }, known);
    }
    return this.value(kind === 'default' ? 'DEFAULT' : from, option);
  }
}

const filterNames: ReadonlySet<string> = new Set(filterOptions);
const actionNames: ReadonlySet<string> = new Set(actionOptions);

function picked(values: ReadonlyMap<string, string>, isWanted: (name: string) => boolean): Map<string, string> {
  return new Map([...values].filter(([name]) => isWanted(name)));
}
