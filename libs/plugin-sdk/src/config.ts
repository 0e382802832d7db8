import type { ConfigIssue, ConfigResult, ConfigSchema } from './config-schema.ts';
import { isRecord } from './source-problems.ts';

/** Checks settings and fills in their defaults. */
export async function readConfig<Config>(schema: ConfigSchema<Config>, value: unknown): Promise<ConfigResult<Config>> {
  return schema['~standard'].validate(value);
}

/** Issues as sentences that name the setting. */
export function configProblems(issues: readonly ConfigIssue[]): string[] {
  return issues.map(({ message, path = [] }) => {
    const name = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return name === '' ? message : `${name}: ${message}`;
  });
}

/** The settings' JSON Schema (draft 2020-12) of what an administrator writes. */
export function jsonSchemaOf(schema: ConfigSchema): Record<string, unknown> {
  return schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
}

/** Names of the settings that are secret: those marked `writeOnly`. Only settings at the top can be. */
export function secretFields(schema: ConfigSchema): string[] {
  const { properties } = jsonSchemaOf(schema);
  if (!isRecord(properties)) return [];
  return Object.entries(properties)
    .filter(([, property]) => isRecord(property) && property['writeOnly'] === true)
    .map(([name]) => name);
}
