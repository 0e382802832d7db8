import assert from 'node:assert/strict';
import { jsonSchemaOf, readConfig, secretFields } from '@bangui/plugin-sdk/host';
import type { Check } from './check.ts';
import { readValidConfig, type Subject } from './subject.ts';

/** Settings are checked by the source and described well enough for a form. */
export function configChecks<Config>(subject: Subject<Config>): Check[] {
  const { source, test } = subject;
  return [
    {
      title: 'describes its settings in JSON Schema, with a label for each',
      run: () => {
        const schema = jsonSchemaOf(source.config);
        assert.equal(schema['type'], 'object', 'the settings are no object');
        for (const [name, property] of Object.entries(Object(schema['properties']) as Record<string, unknown>)) {
          const { title } = Object(property) as { title?: unknown };
          assert.ok(typeof title === 'string' && title.trim() !== '', `the setting "${name}" has no title (label)`);
        }
      },
    },
    {
      title: 'keeps secret settings as texts at the top',
      run: () => {
        const schema = jsonSchemaOf(source.config);
        const properties = Object(schema['properties']) as Record<string, { type?: unknown }>;
        const secrets = secretFields(source.config);
        for (const name of secrets) assert.equal(properties[name]?.type, 'string', `the secret "${name}" is no text`);
        const marks = JSON.stringify(schema).split('"writeOnly":true').length - 1;
        assert.equal(marks, secrets.length, 'a secret setting (writeOnly) is not at the top');
      },
    },
    {
      title: 'accepts valid settings and keeps them as JSON does',
      run: async () => {
        assert.ok(test.validConfigs.length > 0, 'there are no valid settings');
        for (const value of test.validConfigs) {
          const config = await readValidConfig(subject, value);
          assert.deepEqual(
            JSON.parse(JSON.stringify(config)),
            config,
            'the settings do not survive being stored as JSON',
          );
        }
      },
    },
    {
      title: 'refuses invalid settings',
      run: async () => {
        for (const value of [...test.invalidConfigs, 'text', 42, null, []]) {
          const { issues } = await readConfig(source.config, value);
          assert.ok(issues !== undefined && issues.length > 0, `accepts ${JSON.stringify(value)}`);
        }
      },
    },
  ];
}
