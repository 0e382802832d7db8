// `npm run i18n`: does the portal compile, are all its sentences there in German, and none that nobody says any more?
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from './lib/paths.ts';
import { type Messages, translationFaults } from './lib/translation-faults.ts';

const bin = (name: string): string => join(checkout, 'node_modules/.bin', name);

/**
 * Every sentence in the portal's source, as Angular's compiler finds it.
 * @throws when the portal does not compile; the compiler has said why
 */
function extractMessages(): Messages {
  const dir = mkdtempSync(join(tmpdir(), 'bangui-i18n-'));
  try {
    const project = join(checkout, 'apps/portal/tsconfig.app.json');
    execFileSync(bin('ngc'), ['-p', project, '--outDir', dir], { stdio: 'inherit' });
    const messages = join(dir, 'messages.json');
    const extract = ['--root', dir, '--source', '**/*.js', '--format', 'json', '--outputPath', messages];
    execFileSync(bin('localize-extract'), [...extract, '--useSourceMaps', 'false'], { stdio: 'inherit' });
    return messagesOf(messages);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function messagesOf(file: string): Messages {
  // Both files are in Angular's format: { locale, translations }.
  return (JSON.parse(readFileSync(file, 'utf8')) as { translations: Messages }).translations;
}

const source = extractMessages();
const faults = translationFaults(source, messagesOf(join(checkout, 'apps/portal/translations/de.json')));
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log(`${Object.keys(source).length} sentences, all there in German.`);
