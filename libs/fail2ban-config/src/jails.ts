import type { ConfigurationTree, NamedSections } from './configuration-tree.ts';
import type { ConfigurationSections } from './configuration-sections.ts';
import { actionOptions, DefinitionReading, filterOptions } from './definition-reading.ts';
import type {
  Configuration,
  DefinitionUse,
  EffectiveOptions,
  JailConfiguration,
  OptionProblem,
  Origin,
} from './effective-configuration.ts';
import { defaultOptions, effectiveOption, effectiveOptions } from './effective-options.ts';
import { type Attempt, attempt, UnresolvedValue } from './interpolation.ts';
import { nameWithParameters, type NameWithParameters, splitActions } from './parameters.ts';
import { strip } from './python-text.ts';

type Kind = 'text' | 'number' | 'yes-no';

/** What fail2ban knows of a jail, and how it understands it (client/jailreader.py). */
const jailOptions: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['enabled', 'yes-no'],
  ['backend', 'text'],
  ['maxretry', 'number'],
  ['maxmatches', 'number'],
  ['findtime', 'text'],
  ['bantime', 'text'],
  ['bantime.increment', 'yes-no'],
  ['bantime.factor', 'text'],
  ['bantime.formula', 'text'],
  ['bantime.multipliers', 'text'],
  ['bantime.maxtime', 'text'],
  ['bantime.rndtime', 'text'],
  ['bantime.overalljails', 'yes-no'],
  ['ignorecommand', 'text'],
  ['ignoreself', 'yes-no'],
  ['ignoreip', 'text'],
  ['ignorecache', 'text'],
  ['filter', 'text'],
  ['logtimezone', 'text'],
  ['logencoding', 'text'],
  ['logpath', 'text'],
  ['action', 'text'],
  ...filterOptions.map((name): [string, Kind] => [name, name === 'maxlines' ? 'number' : 'text']),
]);
/** What is so when nothing says otherwise. */
const jailDefaults: ReadonlyMap<string, string> = new Map([
  ['enabled', 'False'],
  ['backend', 'auto'],
  ['filter', ''],
  ['action', ''],
]);
/**
 * Every section of `jail.conf` and its companions but those that are no jails, enabled or not; and what their `[DEFAULT]`
 * says for all of them.
 */
export function readJails(
  tree: ConfigurationTree,
  builtIns: Readonly<Record<string, string>>,
): Pick<Configuration, 'jails' | 'jailDefaults'> {
  const read = tree.sections('jail');
  if (!read) return { jails: [], jailDefaults: new Map() };
  const { sections } = read;
  for (const [name, value] of Object.entries(builtIns)) sections.setBuiltIn(name, value);
  const jails = [...sections.names()]
    .filter((name) => name !== 'INCLUDES' && !name.startsWith('KNOWN/'))
    .map((name) => new Jail(name, sections, tree));
  return { jails, jailDefaults: defaultOptions(sections) };
}

/** Evaluated when first asked for: most of a list of jails is never looked at. */
class Jail implements JailConfiguration {
  readonly name: string;
  private readonly sections: ConfigurationSections;
  private readonly tree: ConfigurationTree;
  private optionsRead: EffectiveOptions | undefined;
  private filterRead: DefinitionUse | null | undefined;
  private actionsRead: readonly DefinitionUse[] | undefined;
  private firstReading: Attempt<FirstReading> | undefined;
  private variablesRead: ReadonlyMap<string, string> | undefined;

  constructor(name: string, sections: ConfigurationSections, tree: ConfigurationTree) {
    this.name = name;
    this.sections = sections;
    this.tree = tree;
  }

  get isEnabled(): boolean {
    return this.first('enabled') === 'True';
  }

  get definedIn(): readonly Origin[] {
    return this.sections.headersOf(this.name);
  }

  get options(): EffectiveOptions {
    const added = (name: string) => this.firstRead().value?.known.get(name);
    return (this.optionsRead ??= effectiveOptions({ sections: this.sections, section: this.name, added }));
  }

  get filter(): DefinitionUse | null {
    return this.filterRead === undefined ? (this.filterRead = this.readFilter()) : this.filterRead;
  }

  get actions(): readonly DefinitionUse[] {
    return (this.actionsRead ??= this.readActions());
  }

  get problems(): readonly OptionProblem[] {
    const problems: OptionProblem[] = [];
    const add = (option: string, message: string) => {
      problems.push({ option, message, origin: this.options.get(option)?.origin ?? null });
    };
    for (const [option, kind] of jailOptions) {
      const { value, problem } = this.options.get(option) ?? { value: null, problem: null };
      if (problem !== null) add(option, problem);
      else if (value !== null && understood(kind, value) === undefined) {
        add(option, `"${value.slice(0, 100)}" is no whole number.`);
      }
    }
    if (this.filter?.problem) add('filter', this.filter.problem);
    for (const { problem } of this.actions) if (problem !== null) add('action', problem);
    return problems;
  }

  /** One of what is needed before the filter is read. */
  private first(name: 'enabled' | 'backend' | 'filter'): string | undefined {
    const value = effectiveOption({ sections: this.sections, section: this.name }, name)?.value;
    return value === undefined || value === null
      ? jailDefaults.get(name)
      : understood(jailOptions.get(name) ?? 'text', value);
  }

  /** The filter with the few options of the jail that fail2ban reads before it. */
  private firstRead(): Attempt<FirstReading> {
    return (this.firstReading ??= attempt(() => {
      const { name, parameters } = nameWithParameters(this.first('filter') ?? '');
      const reading = new DefinitionReading(
        definitionOf(this.tree, 'filter.d', name).sections,
        filterOptions,
        parameters,
      );
      reading.setLogType(this.first('backend') ?? '');
      const variables = (['enabled', 'backend', 'filter'] as const).flatMap((option): [string, string][] => {
        const value = this.first(option);
        return value === undefined ? [] : [[option, value]];
      });
      reading.read(new Map(variables), { isWhole: true });
      return { reading, known: reading.combined() };
    }));
  }

  /** Options of the jail as filter and actions see them. */
  private variables(): ReadonlyMap<string, string> {
    if (this.variablesRead) return this.variablesRead;
    const variables = new Map<string, string>();
    for (const [name, kind] of jailOptions) {
      const option = this.options.get(name);
      const value = option === undefined ? jailDefaults.get(name) : option.value;
      const meant = typeof value === 'string' ? understood(kind, value) : undefined;
      if (meant !== undefined) variables.set(name, meant);
    }
    return (this.variablesRead = variables);
  }

  private readFilter(): DefinitionUse | null {
    const text = this.first('filter');
    if (!text) return null;
    return use(this.tree, 'filter.d', text, () => {
      const { value, problem } = this.firstRead();
      if (value === null) throw new UnresolvedValue(problem);
      value.reading.read(this.variables(), { isWhole: false });
      return value.reading.filter();
    });
  }

  private readActions(): readonly DefinitionUse[] {
    const text = this.variables().get('action') ?? '';
    const split = attempt(() => splitActions(text));
    if (split.value === null)
      return [
        new Use(text.slice(0, 100), new Map(), false, () => {
          throw new UnresolvedValue(split.problem);
        }),
      ];
    return split.value.map((action) =>
      use(this.tree, 'action.d', action, ({ name, parameters }) => {
        if (name.endsWith('.py')) return new Map();
        const { sections } = definitionOf(this.tree, 'action.d', name);
        const reading = new DefinitionReading(sections, actionOptions, this.actionParameters(name, parameters));
        reading.read(this.variables(), { isWhole: false });
        return reading.action();
      }),
    );
  }

  /** fail2ban gives an action a name that no other one of the jail has (client/actionreader.py). */
  private actionParameters(action: string, parameters: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    const name = parameters.get('name') ?? this.name;
    const ending = name === this.name ? '' : name.startsWith(this.name) ? name.slice(this.name.length) : `-${name}`;
    const given = new Map(parameters).set('name', name);
    return given.has('actname') ? given : given.set('actname', action + ending);
  }
}

interface FirstReading {
  readonly reading: DefinitionReading;
  readonly known: ReadonlyMap<string, string>;
}

/** A filter or action of a jail. */
class Use implements DefinitionUse {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly exists: boolean;
  private readonly evaluate: () => ReadonlyMap<string, string>;
  private evaluated: Attempt<ReadonlyMap<string, string>> | undefined;

  constructor(
    name: string,
    parameters: ReadonlyMap<string, string>,
    exists: boolean,
    evaluate: () => ReadonlyMap<string, string>,
  ) {
    this.name = name;
    this.parameters = parameters;
    this.exists = exists;
    this.evaluate = evaluate;
  }

  get effective(): ReadonlyMap<string, string> {
    return this.outcome().value ?? new Map<string, string>();
  }

  get problem(): string | null {
    return this.outcome().problem;
  }

  private outcome(): Attempt<ReadonlyMap<string, string>> {
    return (this.evaluated ??= attempt(this.evaluate));
  }
}

function use(
  tree: ConfigurationTree,
  folder: 'filter.d' | 'action.d',
  text: string,
  evaluate: (named: NameWithParameters) => ReadonlyMap<string, string>,
): DefinitionUse {
  const { value: named, problem } = attempt(() => nameWithParameters(text));
  if (named === null) {
    return new Use(text.slice(0, 100), new Map(), false, () => {
      throw new UnresolvedValue(problem);
    });
  }
  return new Use(named.name, named.parameters, definitionExists(tree, folder, named.name), () => {
    if (!definitionExists(tree, folder, named.name)) throw new UnresolvedValue(missing(folder, named.name));
    return evaluate(named);
  });
}

function definitionExists(tree: ConfigurationTree, folder: 'filter.d' | 'action.d', name: string): boolean {
  if (!isName(name)) return false;
  return folder === 'action.d' && name.endsWith('.py')
    ? tree.hasProgram(`${folder}/${name}`)
    : tree.sections(`${folder}/${name}`) !== undefined;
}

function definitionOf(tree: ConfigurationTree, folder: 'filter.d' | 'action.d', name: string): NamedSections {
  const read = isName(name) ? tree.sections(`${folder}/${name}`) : undefined;
  if (read === undefined) throw new UnresolvedValue(missing(folder, name));
  return read;
}

/** fail2ban would also take a path. Only names are followed here. */
function isName(name: string): boolean {
  return name !== '' && !name.includes('/') && !name.includes('\0');
}

function missing(folder: 'filter.d' | 'action.d', name: string): string {
  return `There is no ${folder === 'filter.d' ? 'filter' : 'action'} "${name.slice(0, 100)}".`;
}

/** A value as fail2ban understands it, printed as Python does; `undefined` when it is none of that kind. */
function understood(kind: Kind, value: string): string | undefined {
  if (kind === 'text') return value;
  if (kind === 'yes-no') return ['1', 'on', 'true', 'yes'].includes(value.toLowerCase()) ? 'True' : 'False';
  const number = strip(value);
  // Python refuses more digits, too.
  if (number.length > 4_300) return undefined;
  return /^[+-]?\d+(?:_\d+)*$/.test(number) ? String(BigInt(number.replaceAll('_', '').replace('+', ''))) : undefined;
}
