import type { ConfigurationTree, NamedSections } from './configuration-tree.ts';
import type { DefinitionConfiguration, EffectiveOptions, OptionProblem } from './effective-configuration.ts';
import { effectiveOptions } from './effective-options.ts';

/** Every filter (`filter.d`) or action (`action.d`) that has a file, by name. */
export function readDefinitions(
  tree: ConfigurationTree,
  folder: 'filter.d' | 'action.d',
): readonly DefinitionConfiguration[] {
  return tree.names(folder).flatMap((name) => {
    const read = tree.sections(`${folder}/${name}`);
    return read ? [new Definition(name, read)] : [];
  });
}

/** Evaluated when first asked for: a list of names needs no values. */
class Definition implements DefinitionConfiguration {
  readonly name: string;
  private readonly read: NamedSections;
  private definitionRead: EffectiveOptions | undefined;
  private initRead: EffectiveOptions | undefined;

  constructor(name: string, read: NamedSections) {
    this.name = name;
    this.read = read;
  }

  get files(): readonly string[] {
    return this.read.files;
  }

  get definition(): EffectiveOptions {
    return (this.definitionRead ??= effectiveOptions({ sections: this.read.sections, section: 'Definition' }));
  }

  get init(): EffectiveOptions {
    return (this.initRead ??= effectiveOptions({ sections: this.read.sections, section: 'Init' }, { isOwn: true }));
  }

  get problems(): readonly OptionProblem[] {
    return [...this.definition.values(), ...this.init.values()].flatMap(({ name, problem, origin }) =>
      problem === null ? [] : [{ option: name, message: problem, origin }],
    );
  }
}
