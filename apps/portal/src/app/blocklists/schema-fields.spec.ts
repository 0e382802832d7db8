import { configOf, missingField, schemaFields, valuesOf } from './schema-fields';

const schema = {
  type: 'object',
  properties: {
    url: { type: 'string', title: 'Address', description: 'Where the list is.' },
    format: { type: 'string', enum: ['lines', 'csv'], default: 'lines' },
    level: { type: 'integer', minimum: 1, maximum: 8, default: 3 },
    isStrict: { type: 'boolean', default: true },
    lists: { type: 'array', items: { type: 'string', enum: ['level1', 'level2'] }, default: ['level1'] },
    names: { type: 'array', items: { type: 'string' } },
    key: { type: 'string', writeOnly: true },
    deep: { type: 'object', properties: {} },
  },
  required: ['url', 'format', 'key'],
};

describe('schemaFields', () => {
  const fields = schemaFields(schema);

  it('draws each plain setting by what it may be, and leaves out the others', () => {
    expect(fields.map(({ key, kind }) => `${key}: ${kind}`)).toEqual([
      'url: text',
      'format: choice',
      'level: number',
      'isStrict: boolean',
      'lists: choices',
      'names: texts',
      'key: secret',
    ]);
  });

  it('names a setting without a title by its key, and asks for none that has a default', () => {
    expect(fields.map(({ title, isRequired }) => [title, isRequired]).slice(0, 2)).toEqual([
      ['Address', true],
      ['format', false],
    ]);
  });

  it.each([null, 'text', [], {}, { properties: 7 }, { properties: { a: null, b: 1, c: { type: 7 } } }])(
    'draws nothing for %o',
    (hostile) => {
      expect(schemaFields(hostile)).toEqual([]);
    },
  );

  it('bounds what a plugin may ask for', () => {
    const properties = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, { type: 'string' }]));
    expect(schemaFields({ properties })).toHaveLength(60);
  });
});

describe('settings in a form', () => {
  const fields = schemaFields(schema);

  it('begins with the defaults and takes over what is stored, but never a secret', () => {
    expect(
      valuesOf(fields, { url: 'https://lists.example/a', lists: ['level2'], names: ['a', 'b'], key: 'x' }),
    ).toEqual({
      url: 'https://lists.example/a',
      format: 'lines',
      level: '3',
      isStrict: true,
      lists: ['level2'],
      names: 'a\nb',
      key: '',
    });
  });

  it('sends numbers as numbers and lines as a list, and leaves out what is empty', () => {
    const values = {
      ...valuesOf(fields, {}),
      url: ' https://lists.example/a ',
      level: '5',
      names: 'a,\n b\n',
      key: '',
    };
    expect(configOf(fields, values)).toEqual({
      url: 'https://lists.example/a',
      format: 'lines',
      level: 5,
      isStrict: true,
      lists: ['level1'],
      names: ['a', 'b'],
    });
  });

  it('sends an empty text for a secret that is to be removed', () => {
    expect(configOf(fields, { key: null })).toEqual({ key: '' });
  });

  it('misses what must be given, but no secret that is kept', () => {
    const values = { ...valuesOf(fields, {}), url: 'https://lists.example/a' };
    expect(missingField(fields, valuesOf(fields, {}), [])?.key).toBe('url');
    expect(missingField(fields, values, [])?.key).toBe('key');
    expect(missingField(fields, values, ['key'])).toBeUndefined();
    expect(missingField(fields, { ...values, key: null }, ['key'])?.key).toBe('key');
  });
});
