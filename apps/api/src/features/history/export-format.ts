import { type StoredEvent } from './archive-event.ts';

/** Kinds of files. */
export type ExportKind = 'csv' | 'json' | 'ndjson';

/** Told at the end of a file that does not hold everything. */
export interface ExportCut {
  readonly rows: number;
  /** Go on with it as `last_ban_id`. */
  readonly lastBanId: number;
}

/** How a file is written. */
export interface ExportFormat {
  readonly contentType: string;
  /** What stands before the first event. */
  readonly head: string;
  /** One event; `index` counts from 0. */
  readonly row: (event: StoredEvent, index: number) => string;
  /** What stands after the last event: the trailer record when events were left out. */
  readonly tail: (cut: ExportCut | null) => string;
}

/** Characters that JSON leaves as they are and that a terminal or an old parser would act upon: C1 controls and line ends. */
const actingInJson = /[\u007f-\u009f\u2028\u2029]/g;

/** The same for plain text; tab and line feed are harmless inside of quotes. */
// eslint-disable-next-line no-control-regex -- these characters are what it is about
const actingInText = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;

/** What makes a spreadsheet take a text for a formula, also in its full-width form (OWASP, CSV injection). */
const formula = /^[\t\r\n ]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function json(value: unknown): string {
  return JSON.stringify(value).replaceAll(actingInJson, escaped);
}

/** One field: quoted when it must be, with an apostrophe before what a spreadsheet would calculate. */
export function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = value.toWellFormed().replaceAll(actingInText, escaped);
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\n\t ;']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const columns: readonly [name: string, value: (event: StoredEvent) => string | number | null][] = [
  ['id', ({ id }) => id],
  ['at', ({ at }) => new Date(at).toISOString()],
  ['action', ({ action }) => action],
  ['jail', ({ jail }) => jail],
  ['address', ({ address }) => address],
  ['failedAt', ({ failedAt }) => (failedAt === null ? null : new Date(failedAt).toISOString())],
  ['duration', ({ duration }) => duration],
  ['banCount', ({ banCount }) => banCount],
  ['failures', ({ failures }) => failures],
  ['origin', ({ origin }) => origin],
  ['cause', ({ cause }) => cause],
  ['actor', ({ actor }) => actor],
  ['reason', ({ reason }) => reason],
  ['country', ({ country }) => country],
  ['asn', ({ asn }) => asn],
  ['organisation', ({ organisation }) => organisation],
  ['matches', ({ matches }) => matches.join('\n')],
];

function csvLine(fields: readonly (string | number | null)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/** The three kinds of files. */
export const exportFormats: Readonly<Record<ExportKind, ExportFormat>> = {
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: csvLine(columns.map(([name]) => name)),
    row: (event) => csvLine(columns.map(([, value]) => value(event))),
    tail: (cut) =>
      cut ? csvLine(['#cut', `Stopped after ${cut.rows} events. Go on with last_ban_id=${cut.lastBanId}.`]) : '',
  },
  json: {
    contentType: 'application/json; charset=utf-8',
    head: '{"items":[',
    row: (event, index) => `${index === 0 ? '' : ','}\n${json(event)}`,
    tail: (cut) => `\n],"cut":${json(cut)}}\n`,
  },
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: '',
    row: (event) => `${json(event)}\n`,
    tail: (cut) => (cut ? `${json({ cut })}\n` : ''),
  },
};
