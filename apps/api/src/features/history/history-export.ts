import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { Clock } from '../../core/clock.ts';
import { type ExportFormat, exportFormats } from './export-format.ts';
import { type HistoryExportQuery } from './history.dto.ts';
import { HistoryRepository } from './history.repository.ts';
import { filterOf } from './history.service.ts';

/** Events of a file unless said otherwise. */
const defaultMaxRows = 50_000;

/** Text gathered before it is given to the connection, in characters. */
const pieceLength = 65_536;

/** Writes the archive as a file, while it is read. */
@Injectable()
export class HistoryExport {
  constructor(
    private readonly repository: HistoryRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers with the file. Reads on only when the client has taken what it got, and stops when it goes away.
   * @throws {HistoryGone} before anything is sent
   */
  async send(query: HistoryExportQuery, reply: FastifyReply): Promise<void> {
    const kind = query.format ?? 'csv';
    const format = exportFormats[kind];
    const filter = filterOf(query);
    const { last_ban_id: lastBanId } = query;
    if (lastBanId !== undefined) await this.repository.positionOf(lastBanId);
    const day = new Date(this.clock.now()).toISOString().slice(0, 10);
    const maxRows = query.maxRows ?? query.max_rows ?? defaultMaxRows;
    // One more than wanted tells whether something is left out.
    const events = this.repository.getAllArchivedHistory({ ...filter, maxRows: maxRows + 1, lastBanId });
    reply
      .header('Content-Type', format.contentType)
      .header('Content-Disposition', `attachment; filename="bangui-history-${day}.${kind}"`)
      .header('Cache-Control', 'no-store')
      // A proxy that gathers the file would hide the progress, and hold it in memory.
      .header('X-Accel-Buffering', 'no');
    await reply.send(Readable.from(pieces(events, format, maxRows), { objectMode: false, highWaterMark: pieceLength }));
  }
}

async function* pieces(
  events: AsyncGenerator<{ readonly id: number } & Parameters<ExportFormat['row']>[0]>,
  format: ExportFormat,
  maxRows: number,
): AsyncGenerator<Buffer> {
  let piece = format.head;
  let rows = 0;
  let lastBanId = 0;
  let isCut = false;
  for await (const event of events) {
    if (rows === maxRows) {
      isCut = true;
      break;
    }
    piece += format.row(event, rows);
    rows += 1;
    lastBanId = event.id;
    if (piece.length >= pieceLength) {
      yield Buffer.from(piece);
      piece = '';
    }
  }
  yield Buffer.from(piece + format.tail(isCut ? { rows, lastBanId } : null));
}
