import type { Configuration, DefinitionConfiguration, EffectiveOptions } from '../effective-configuration.ts';
import type { Fail2banReading, Values } from './fail2ban-reader.ts';

/** A configuration of ours in the shape in which fail2ban's own reader tells of it, so that a test can compare them. */
export function asReading(configuration: Configuration, version: string): Fail2banReading {
  return {
    version,
    order: configuration.jails.map(({ name }) => name),
    jails: Object.fromEntries(
      configuration.jails.map((jail) => {
        const isUsable = jail.problems.every(({ option }) => option === 'maxretry' || option === 'maxmatches');
        return [
          jail.name,
          {
            enabled: jail.isEnabled,
            options: valuesOf(jail.options),
            error: isUsable ? null : 'problem',
            filter: isUsable && jail.filter ? understood(jail.filter.effective) : null,
            actions: isUsable
              ? jail.actions.map(({ name, effective }) => ({ name, sent: understood(effective) }))
              : null,
          },
        ];
      }),
    ),
    filters: definitionsOf(configuration.filters),
    actions: definitionsOf(configuration.actions),
  };
}

/** fail2ban's own words for an error are not ours. */
export function withoutWords(reading: Fail2banReading): Fail2banReading {
  const jails = Object.entries(reading.jails).map(([name, jail]) => [
    name,
    { ...jail, error: jail.error === null ? null : 'problem' },
  ]);
  return { ...reading, jails: Object.fromEntries(jails) as Fail2banReading['jails'] };
}

function definitionsOf(definitions: readonly DefinitionConfiguration[]): Fail2banReading['filters'] {
  return Object.fromEntries(
    definitions.map(({ name, definition, init }) => [name, { definition: valuesOf(definition), init: valuesOf(init) }]),
  );
}

function valuesOf(options: EffectiveOptions): Values {
  return Object.fromEntries([...options.values()].map(({ name, value }) => [name, value]));
}

const yesNo = new Set(['actionstart_on_demand', 'actionrepair_on_unban', 'norestored']);

/** fail2ban prints what is true or false in Python's words. */
function understood(values: ReadonlyMap<string, string>): Values {
  return Object.fromEntries(
    [...values].map(([name, value]) => [
      name,
      yesNo.has(name) ? (['1', 'on', 'true', 'yes'].includes(value.toLowerCase()) ? 'True' : 'False') : value,
    ]),
  );
}
