import { Module } from '@nestjs/common';
import { BansModule } from '../bans/index.ts';
import { HistoryModule } from '../history/index.ts';
import { DashboardController } from './dashboard.controller.ts';
import { DashboardRepository } from './dashboard.repository.ts';
import { DashboardService } from './dashboard.service.ts';
import { RankingRepository } from './ranking.repository.ts';

/** Figures and rankings of the archive. */
@Module({
  imports: [BansModule, HistoryModule],
  controllers: [DashboardController],
  providers: [DashboardRepository, RankingRepository, DashboardService],
})
export class DashboardModule {}
