/** How a setting of a source is asked for. */
export type FieldKind = 'text' | 'number' | 'boolean' | 'choice' | 'choices' | 'texts' | 'secret';

/** What stands in a field: text for most, the chosen ones for several choices, null for a secret that is to be removed. */
export type FieldValue = string | boolean | readonly string[] | null;

/** What stands in the fields of a form, by name. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** One setting of a source, as its JSON Schema describes it. */
export interface SchemaField {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly kind: FieldKind;
  readonly isRequired: boolean;
  /** For a choice or several. */
  readonly options: readonly string[];
  readonly min: number | null;
  readonly max: number | null;
  readonly isInteger: boolean;
  readonly initial: FieldValue;
}

/** More settings than a person would fill in; a schema comes from a plugin and may be anything. */
const MOST_FIELDS = 60;
const MOST_OPTIONS = 200;

/** The fields to draw for a JSON Schema (2020-12) of a plugin; those that are no plain setting are left out. */
export function schemaFields(schema: unknown): readonly SchemaField[] {
  if (!isRecord(schema) || !isRecord(schema['properties'])) return [];
  const required = new Set(texts(schema['required']));
  return Object.entries(schema['properties'])
    .slice(0, MOST_FIELDS)
    .flatMap(([key, property]) => {
      const field = isRecord(property) ? fieldOf(key, property, required.has(key)) : null;
      return field ? [field] : [];
    });
}

function fieldOf(key: string, property: Record<string, unknown>, isNamedRequired: boolean): SchemaField | null {
  const kind = kindOf(property);
  if (kind === null) return null;
  const options = kind === 'choices' ? optionsOf(property['items']) : optionsOf(property);
  const hasDefault = property['default'] !== undefined;
  const field: SchemaField = {
    key,
    title: text(property['title']) || key,
    description: text(property['description']),
    kind,
    isRequired: isNamedRequired && !hasDefault,
    options,
    min: numberOf(property['minimum']),
    max: numberOf(property['maximum']),
    isInteger: property['type'] === 'integer',
    initial: '',
  };
  return { ...field, initial: shownValue(field, property['default']) };
}

function kindOf(property: Record<string, unknown>): FieldKind | null {
  if (property['writeOnly'] === true) return 'secret';
  if (optionsOf(property).length > 0) return 'choice';
  switch (property['type']) {
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return optionsOf(property['items']).length > 0 ? 'choices' : 'texts';
    default:
      return null;
  }
}

/** What to show for settings that are stored; secret ones are never among them. */
export function valuesOf(fields: readonly SchemaField[], config: Readonly<Record<string, unknown>>): FieldValues {
  return Object.fromEntries(
    fields.map((field) => [
      field.key,
      field.kind === 'secret' || config[field.key] === undefined ? field.initial : shownValue(field, config[field.key]),
    ]),
  );
}

/** The settings to send. What is empty is left out, so that the default counts and a stored secret stays. */
export function configOf(fields: readonly SchemaField[], values: FieldValues): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = sentValue(field, values[field.key]);
      return value === undefined ? [] : [[field.key, value]];
    }),
  );
}

/** The first field that must be filled in and is not; `kept` names the secrets that are stored. */
export function missingField(
  fields: readonly SchemaField[],
  values: FieldValues,
  kept: readonly string[],
): SchemaField | undefined {
  const config = configOf(fields, values);
  return fields.find(
    ({ key, isRequired }) => isRequired && (values[key] === null || (config[key] === undefined && !kept.includes(key))),
  );
}

function sentValue({ kind }: SchemaField, value: FieldValue | undefined): unknown {
  // The API takes an empty secret as one to remove.
  if (value === null) return '';
  if (kind === 'texts' && typeof value === 'string') {
    const lines = value.split(/[\n,]/).flatMap((line) => line.trim() || []);
    return lines.length === 0 ? undefined : lines;
  }
  if (typeof value !== 'string') return value;
  const trimmed = value.trim();
  if (trimmed === '') return undefined;
  return kind === 'number' ? Number(trimmed) : trimmed;
}

function shownValue({ kind }: SchemaField, value: unknown): FieldValue {
  switch (kind) {
    case 'secret':
      return '';
    case 'boolean':
      return value === true;
    case 'choices':
      return texts(value);
    case 'texts':
      return texts(value).join('\n');
    case 'number':
    case 'text':
    case 'choice':
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }
}

function optionsOf(schema: unknown): readonly string[] {
  return isRecord(schema) ? texts(schema['enum']).slice(0, MOST_OPTIONS) : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
