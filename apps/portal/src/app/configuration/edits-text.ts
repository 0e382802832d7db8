import { type ConfigurationEdits } from '../api/generated/models';

/** Edits as a person would write them into a file, so that they can be copied. */
export function editsText({ jails, files }: ConfigurationEdits): string {
  const sections = jails.map(({ jail, set, unset }) =>
    [
      `[${jail}]`,
      ...set.map(({ option, value }) => `${option} = ${value.replaceAll('\n', '\n    ')}`),
      ...unset.map((option) => `# ${option}`),
    ].join('\n'),
  );
  const texts = files.map(({ path, text }) => `# ${path}\n${text ?? ''}`);
  return [...sections, ...texts].join('\n\n');
}
