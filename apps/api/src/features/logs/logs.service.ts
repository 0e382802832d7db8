import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import {
  endsInsideLine,
  findRotated,
  isFileOf,
  type LogFile,
  type LogPosition,
  openLogFile,
  rotatedFiles,
  startOf,
} from '../../core/files/log-files.ts';
import { readLogPiece } from '../../core/files/log-pieces.ts';
import { type FileLine, linesBefore } from '../../core/files/lines-before.ts';
import { InvalidRequest } from '../../core/http/validation.ts';
import { ServerZone } from '../server/index.ts';
import { cursorOf, positionOf } from './log-cursor.ts';
import { LogPlace } from './log-place.ts';
import { holdsAddress, isAtLeast, type LogRecord, parseLogRecord } from './log-record.ts';
import { type LogPage, type LogPlaceInfo, type LogQuery, type LogRecordLine } from './logs.dto.ts';

/** Bytes that one request looks at, at most. */
const maxScanned = 4 * 1024 * 1024;
/** Bytes looked at before it is seen whether there are enough lines. */
const stepBytes = 256 * 1024;
const stepLines = 4_000;
/** Characters of a line that are given. */
const maxText = 2_000;

type Wanted = (line: LogRecordLine) => boolean;

/** Reads fail2ban's log from its end backwards, and follows it. */
@Injectable()
export class LogsService {
  constructor(
    private readonly place: LogPlace,
    private readonly zone: ServerZone,
  ) {}

  /** @throws {InvalidRequest} for an address or a cursor that is none */
  async page(query: LogQuery): Promise<LogPage> {
    const wanted = wantedBy(query);
    const [before, after] = [cursorIn(query, 'before'), cursorIn(query, 'after')];
    const limit = query.limit ?? 200;
    const target = await this.place.target();
    if (!target?.startsWith('/')) return emptyPage(placeWithout(target));
    try {
      const page = after
        ? await this.written(target, after, limit, wanted)
        : await this.end(target, before, limit, wanted);
      return { ...page, place: { kind: 'file', target, reason: null } };
    } catch (error) {
      // Every reason of the file system hinders for now; the next request looks again.
      const words = error instanceof Error ? error.message : String(error);
      const reason = `BanGUI cannot read ${target}: ${words}. Let BanGUI read the file, or set BANGUI_FAIL2BAN_LOG to where BanGUI sees it.`;
      return emptyPage({ kind: 'unreadable', target, reason });
    }
  }

  /** What was written after a position. */
  private async written(
    path: string,
    after: LogPosition,
    limit: number,
    wanted: Wanted,
  ): Promise<Omit<LogPage, 'place'>> {
    const lines: LogRecordLine[] = [];
    let position = after;
    let hasGap = false;
    for (let scanned = 0; scanned < maxScanned;) {
      const piece = await readLogPiece(path, position, 'end');
      hasGap ||= piece.hasGap;
      const found = split(piece.bytes, piece.start);
      const records = this.records(found, piece.start.inode);
      for (const [index, record] of records.entries()) {
        if (!wanted(record)) continue;
        lines.push(record);
        const line = found[index];
        if (lines.length < limit || !line || index === records.length - 1) continue;
        // The page is full in the middle of a piece.
        const offset = line.at + line.bytes;
        return page(lines, { newer: { ...piece.start, offset, isInsideLongLine: false }, hasMore: true, hasGap });
      }
      position = piece.position;
      if (piece.isAtEnd || lines.length >= limit)
        return page(lines, { newer: position, hasMore: !piece.isAtEnd, hasGap });
      scanned += Math.max(piece.bytes.length, 1);
    }
    return page(lines, { newer: position, hasMore: true, hasGap });
  }

  /** The last lines, or the last before a position. */
  private async end(
    path: string,
    before: LogPosition | undefined,
    limit: number,
    wanted: Wanted,
  ): Promise<Omit<LogPage, 'place'>> {
    const opened = await this.open(path, before);
    // What the cursor led to is gone: nothing is kept before it.
    if (!opened) return page([], {});
    let { file, offset } = opened;
    const newer = before ? undefined : { ...startOf(file), offset };
    const lines: LogRecordLine[] = [];
    let oldest: number | null = null;
    try {
      for (let scanned = 0; scanned < maxScanned;) {
        if (offset === 0) {
          const previous = await previousOf(path, file);
          if (!previous) return page(lines, { newer });
          await file.handle.close();
          file = previous;
          offset = file.size;
        }
        const piece = await linesBefore(file.handle, offset, { maxLines: stepLines, maxBytes: stepBytes });
        const records = this.records(piece.lines, file.inode);
        oldest = records.find(({ at }) => at !== null)?.at ?? oldest;
        for (let index = records.length - 1; index >= 0; index -= 1) {
          const record = records[index];
          if (!record || !wanted(record)) continue;
          lines.unshift(record);
          if (lines.length < limit) continue;
          const older = { ...startOf(file), offset: piece.lines[index]?.at ?? 0 };
          return page(lines, { newer, older });
        }
        scanned += Math.max(offset - piece.from, 1);
        // Somebody has emptied the file.
        if (piece.from === offset) return page(lines, { newer });
        offset = piece.from;
      }
      return { ...page(lines, { newer, older: { ...startOf(file), offset } }), scannedUntil: oldest };
    } finally {
      await file.handle.close();
    }
  }

  private async open(
    path: string,
    before: LogPosition | undefined,
  ): Promise<{ file: LogFile; offset: number } | undefined> {
    if (!before) {
      const file = await openLogFile(path);
      return { file, offset: await endOfLines(file) };
    }
    const file = await openLogFile(path).catch(() => undefined);
    if (file && isFileOf(file, before)) return { file, offset: before.offset };
    await file?.handle.close();
    const moved = await findRotated(path, before);
    return moved && { file: moved, offset: before.offset };
  }

  /** A line without a head goes on with the one before, and is of its level and jail. */
  private records(lines: readonly FileLine[], inode: number): LogRecordLine[] {
    let last: LogRecord | undefined;
    return lines.map(({ at, text }) => {
      const record = parseLogRecord(text);
      last = record ?? last;
      return {
        id: `${inode}:${at}`,
        at: record ? this.zone.momentOf(record.local).at : null,
        level: last?.level ?? null,
        component: record?.component ?? null,
        jail: last?.jail ?? null,
        address: record?.address && Network.parse(record.address) ? record.address : null,
        text: cut(record?.text ?? text),
      };
    });
  }
}

/** Where the last whole line ends. */
async function endOfLines(file: LogFile): Promise<number> {
  if (!(await endsInsideLine(file))) return file.size;
  const { lines } = await linesBefore(file.handle, file.size, { maxLines: 1, maxBytes: stepBytes });
  return lines[0]?.at ?? file.size;
}

/** The file that was written before this one. */
async function previousOf(path: string, file: LogFile): Promise<LogFile | undefined> {
  for (const candidate of (await rotatedFiles(path)).reverse()) {
    const older = await openLogFile(candidate).catch(() => undefined);
    if (!older) continue;
    if (older.inode !== file.inode && older.modifiedAt < file.modifiedAt && older.size > 0) return older;
    await older.handle.close();
  }
  return undefined;
}

function split(bytes: Buffer, { offset, isInsideLongLine }: LogPosition): FileLine[] {
  const lines: FileLine[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    lines.push({ at: offset + at, bytes: end + 1 - at, text: bytes.toString('utf8', at, end).replace(/\r$/, '') });
    at = end + 1;
  }
  return isInsideLongLine ? lines.slice(1) : lines;
}

function wantedBy({ level, jail, address }: LogQuery): Wanted {
  const network = address === undefined ? undefined : Network.parse(address.trim());
  if (address !== undefined && !network) {
    const message = 'address must be an address or a network';
    throw new InvalidRequest([{ field: 'address', message, code: 'address-invalid' }]);
  }
  const sought = network?.toString();
  return (line) =>
    (level === undefined || (line.level !== null && isAtLeast(line.level, level))) &&
    (jail === undefined || line.jail === jail) &&
    (sought === undefined || holdsAddress(line.text, sought));
}

function cursorIn(query: LogQuery, field: 'before' | 'after'): LogPosition | undefined {
  const cursor = query[field];
  if (cursor === undefined) return undefined;
  const position = positionOf(cursor);
  if (position) return position;
  throw new InvalidRequest([{ field, message: `${field} is not of this list`, code: 'cursor-invalid' }]);
}

function placeWithout(target: string | undefined): LogPlaceInfo {
  if (target === undefined) {
    const reason = 'fail2ban has not said yet where it writes its log to. Start it, or set BANGUI_FAIL2BAN_LOG.';
    return { kind: 'unknown', target: null, reason };
  }
  const reason = `fail2ban writes its log to ${target}, which BanGUI cannot read. Set logtarget to a file in fail2ban.local, for example /var/log/fail2ban.log.`;
  return { kind: 'elsewhere', target, reason };
}

function emptyPage(place: LogPlaceInfo): LogPage {
  return { ...page([], {}), place };
}

function page(
  lines: LogRecordLine[],
  rest: { newer?: LogPosition | undefined; older?: LogPosition; hasMore?: boolean; hasGap?: boolean },
): Omit<LogPage, 'place'> {
  const { newer, older, hasMore = false, hasGap = false } = rest;
  return {
    lines,
    older: older ? cursorOf(older) : null,
    newer: newer ? cursorOf(newer) : null,
    hasMore,
    hasGap,
    scannedUntil: null,
  };
}

function cut(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
}
