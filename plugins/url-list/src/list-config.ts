import { z } from '@bangui/plugin-sdk';
import { readJsonPath } from './json-path.ts';

/** Settings of the list; which of the later ones count depends on the format. */
export const ListConfigSchema = z
  .object({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .refine((url) => !hasUser(url), 'A user or password does not belong in the address; use the header.')
      .meta({ title: 'Address', description: 'Where the list is, https or http.' }),
    format: z.enum(['lines', 'netset', 'hosts', 'csv', 'json']).default('lines').meta({
      title: 'Format',
      description:
        'lines: one address, network or range per line; netset: the same as in FireHOL’s files; hosts: address first, then names; csv: one column of a table; json: a path.',
    }),
    csvColumn: z
      .string()
      .regex(/^(?:[1-9]\d{0,2}|[^\d\s].{0,99})$/)
      .default('1')
      .meta({ title: 'CSV column', description: 'Number of the column from 1, or its name in the first row.' }),
    csvSeparator: z
      .enum([',', ';', '|', 'tab'])
      .default(',')
      .meta({ title: 'CSV separator', description: 'What stands between two columns.' }),
    csvHasHeader: z
      .boolean()
      .default(false)
      .meta({ title: 'CSV header', description: 'The first row holds names; always so when the column is a name.' }),
    jsonPath: z
      .string()
      .max(200)
      .refine((path) => readJsonPath(path) !== undefined, 'Write a path such as data[].ip, [] or ip.')
      .default('[]')
      .meta({
        title: 'JSON path',
        description:
          'data[].ip for items of an array, [] for an array of texts, ip alone when every line is a JSON object.',
      }),
    headerName: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/)
      .default('Authorization')
      .meta({ title: 'Header', description: 'Name of a request header, for lists that need a key.' }),
    headerValue: z
      .string()
      .max(4096)
      .optional()
      .meta({ title: 'Value of the header', description: 'For example “Bearer …”. Kept secret.', writeOnly: true }),
  })
  .strict();

/** Settings with their defaults. */
export type ListConfig = z.infer<typeof ListConfigSchema>;

function hasUser(url: string): boolean {
  const { username, password } = URL.parse(url) ?? { username: '', password: '' };
  return username !== '' || password !== '';
}
