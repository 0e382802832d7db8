import { ConfigurationSections } from './configuration-sections.ts';
import type { ConfigurationTree } from './configuration-tree.ts';
import type { DefinitionConfiguration, EffectiveOptions, OptionProblem } from './effective-configuration.ts';
import { effectiveOptions } from './effective-options.ts';

/** Every filter (`filter.d`) or action (`action.d`) that has a file, by name. */
export function readDefinitions(
  tree: ConfigurationTree,
  folder: 'filter.d' | 'action.d',
): readonly DefinitionConfiguration[] {
  return tree
    .names(folder)
    .filter((name) => tree.has(`${folder}/${name}`))
    .map((name) => new Definition(name, `${folder}/${name}`, tree));
}

/** Evaluated when first asked for: a list of names needs no values. */
class Definition implements DefinitionConfiguration {
  readonly name: string;
  private readonly path: string;
  private readonly tree: ConfigurationTree;
  private definitionRead: EffectiveOptions | undefined;
  private initRead: EffectiveOptions | undefined;

  constructor(name: string, path: string, tree: ConfigurationTree) {
    this.name = name;
    this.path = path;
    this.tree = tree;
  }

  get files(): readonly string[] {
    return this.tree.filesOf(this.path);
  }

  get definition(): EffectiveOptions {
    return (this.definitionRead ??= effectiveOptions({ sections: this.sections, section: 'Definition' }));
  }

  get init(): EffectiveOptions {
    return (this.initRead ??= effectiveOptions({ sections: this.sections, section: 'Init' }, { isOwn: true }));
  }

  get problems(): readonly OptionProblem[] {
    return [...this.definition.values(), ...this.init.values()].flatMap(({ name, problem, origin }) =>
      problem === null ? [] : [{ option: name, message: problem, origin }],
    );
  }

  private get sections(): ConfigurationSections {
    return this.tree.sections(this.path) ?? new ConfigurationSections();
  }
}
