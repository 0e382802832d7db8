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
