import type { ConfigurationSections } from './configuration-sections.ts';
import type { EffectiveOption, EffectiveOptions } from './effective-configuration.ts';
import { attempt, interpolate, type InterpolationScope } from './interpolation.ts';

/** All options of a section, those of DEFAULT after its own. Without DEFAULT where `isOwn` is set, and none of a section that is not there. */
export function effectiveOptions(
  scope: InterpolationScope,
  { isOwn = false }: { readonly isOwn?: boolean } = {},
): EffectiveOptions {
  const { sections, section } = scope;
  const names = new Set(sections.ownNames(section));
  if (!isOwn && sections.has(section)) for (const name of sections.defaultNames()) names.add(name);
  const options = new Map<string, EffectiveOption>();
  for (const name of names) {
    const option = effectiveOption(scope, name);
    if (option) options.set(name, option);
  }
  return options;
}

/** All options of DEFAULT itself. */
export function defaultOptions(sections: ConfigurationSections): EffectiveOptions {
  const options = new Map<string, EffectiveOption>();
  for (const name of sections.defaultNames()) {
    const option = effectiveOption({ sections, section: 'DEFAULT' }, name);
    if (option) options.set(name, option);
  }
  return options;
}

/** One option, given in lower case; `undefined` when neither the section nor DEFAULT has it. */
export function effectiveOption(scope: InterpolationScope, name: string): EffectiveOption | undefined {
  const [inForce, ...overridden] = scope.sections.settings(scope.section, name);
  if (inForce === undefined) return undefined;
  return { name, ...inForce, ...attempt(() => interpolate(scope, inForce.raw)), overridden };
}
