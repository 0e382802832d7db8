import type { EffectiveOption, EffectiveOptions, SetValue } from './effective-configuration.ts';
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

/** One option, given in lower case; `undefined` when neither the section nor DEFAULT has it. */
export function effectiveOption(scope: InterpolationScope, name: string): EffectiveOption | undefined {
  const { sections, section } = scope;
  if (sections.own(section, name) === undefined) {
    const raw = sections.default(name);
    if (raw === undefined) return undefined;
    // The same in every section: with hundreds of jails, most of what there is.
    if (!raw.includes('%'))
      return sections.shared(name, () => evaluated(scope, name, sections.settings(section, name)));
  }
  return evaluated(scope, name, sections.settings(section, name));
}

function evaluated(
  scope: InterpolationScope,
  name: string,
  settings: readonly SetValue[],
): EffectiveOption | undefined {
  const [inForce, ...overridden] = settings;
  if (inForce === undefined) return undefined;
  const { raw, origin } = inForce;
  const { value, problem } = attempt(() => interpolate(scope, raw));
  return { name, raw, origin, value, problem, overridden };
}
