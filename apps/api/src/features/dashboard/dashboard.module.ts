import { Module } from '@nestjs/common';
import { BansModule } from '../bans/index.ts';
import { GeoModule } from '../geo/index.ts';
import { DashboardController } from './dashboard.controller.ts';
import { DashboardService } from './dashboard.service.ts';

/** Figures and rankings of the archive. */
@Module({
  imports: [BansModule, GeoModule],
  controllers: [DashboardController],
  providers: [DashboardService],
})
export class DashboardModule {}
