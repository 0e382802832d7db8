import { type ConfigurationEdits } from '../api/generated/models';

/** Edits as a person would write them into a file, so that they can be copied. */
export function editsText({ jails, files, server }: ConfigurationEdits): string {
  const own = [
    ...jails.map((edit) => ({ ...edit, name: edit.jail })),
    ...(server ? [{ ...server, name: 'Definition' }] : []),
  ];
  const sections = own.map(({ name, set, unset }) =>
    [
      `[${name}]`,
      ...set.map(({ option, value }) => `${option} = ${value.replaceAll('\n', '\n    ')}`),
      ...unset.map((option) => `# ${option}`),
    ].join('\n'),
  );
  const texts = files.map(({ path, text }) => `# ${path}\n${text ?? ''}`);
  return [...sections, ...texts].join('\n\n');
}
