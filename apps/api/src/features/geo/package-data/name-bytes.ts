import { maxNameBytes } from './layout.ts';

/** A name as it is written: its length in one byte, and the name in UTF-8, cut between characters. */
export function nameBytes(name: string): Buffer {
  let text = name;
  while (Buffer.byteLength(text) > maxNameBytes) text = [...text].slice(0, -1).join('');
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
