import { Injectable } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { type HistoryExportQuery } from './history.dto.ts';

/** Writes the archive as a file. */
@Injectable()
export class HistoryExport {
  /** Answers with the file. */
  async send(_query: HistoryExportQuery, reply: FastifyReply): Promise<void> {
    await reply.status(501).send();
  }
}
