import { Module } from '@nestjs/common';
import { BansModule } from '../bans/index.ts';
import { GeoModule } from '../geo/index.ts';
import { ArchiveUpkeep } from './archive-upkeep.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { ArchiveRepository } from './archive.repository.ts';
import { BansRankingRepository } from './bans-ranking.repository.ts';
import { HistoryController } from './history.controller.ts';
import { HistoryExport } from './history-export.ts';
import { HistoryRepository } from './history.repository.ts';
import { HistoryService } from './history.service.ts';
import { RollUpRepository } from './roll-up.repository.ts';
import { TextIndex } from './text-index.ts';

/** The archive: what was banned and unbanned, when, where and why. */
@Module({
  imports: [BansModule, GeoModule],
  controllers: [HistoryController],
  providers: [
    ArchiveRepository,
    RollUpRepository,
    TextIndex,
    ArchiveWriter,
    ArchiveUpkeep,
    BansRankingRepository,
    HistoryRepository,
    HistoryService,
    HistoryExport,
  ],
  exports: [ArchiveWriter, BansRankingRepository, HistoryRepository],
})
export class HistoryModule {}
