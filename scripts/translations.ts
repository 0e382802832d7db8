// `npm run i18n`: are all sentences of the portal there in German, and none that nobody says any more?
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from './lib/paths.ts';

/** Sentences by message id. */
export type Messages = Readonly<Record<string, string>>;

/** Placeholders of a sentence, sorted: a translation may move them, but not lose one. */
const placeholders = (text: string): string => (text.match(/\{\$[^}]+\}/g) ?? []).sort().join();

/** What is wrong with a translation: one line for each sentence without one, without a source, or with other placeholders. */
export function translationFaults(source: Messages, translation: Messages): string[] {
  const faults: string[] = [];
  for (const [id, text] of Object.entries(source)) {
    const translated = translation[id];
    if (translated === undefined || translated.trim() === '')
      faults.push(`missing:  "${id}": ${JSON.stringify(text)},`);
    else if (placeholders(translated) !== placeholders(text)) {
      faults.push(`placeholders differ:  ${id}: ${JSON.stringify(text)} / ${JSON.stringify(translated)}`);
    }
  }
  for (const [id, text] of Object.entries(translation)) {
    if (source[id] === undefined) faults.push(`unused:  "${id}": ${JSON.stringify(text)},`);
  }
  return faults;
}

/** Every sentence in the portal's source, as Angular's compiler finds it. */
export function extractMessages(): Messages {
  const dir = mkdtempSync(join(tmpdir(), 'bangui-i18n-'));
  try {
    const ng = join(checkout, 'node_modules/.bin/ng');
    execFileSync(ng, ['extract-i18n', 'portal', '--format', 'json', '--output-path', dir], {
      cwd: checkout,
      env: { ...process.env, NG_CLI_ANALYTICS: 'false' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return read(join(dir, 'messages.json'));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** The German sentences. */
export function germanMessages(): Messages {
  return read(join(checkout, 'apps/portal/translations/de.json'));
}

function read(file: string): Messages {
  // Both files are written by Angular's format: { locale, translations }.
  return (JSON.parse(readFileSync(file, 'utf8')) as { translations: Messages }).translations;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const source = extractMessages();
  const faults = translationFaults(source, germanMessages());
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
  else console.log(`${Object.keys(source).length} sentences, all there in German.`);
}
