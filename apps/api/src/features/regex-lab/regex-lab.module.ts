import { Module } from '@nestjs/common';
import { JailsModule } from '../jails/index.ts';
import { RegexLabController } from './regex-lab.controller.ts';
import { RegexLabService } from './regex-lab.service.ts';
import { WatchedLogs } from './watched-logs.ts';

/** Filters and regular expressions tried on lines, before anything is written. */
@Module({
  imports: [JailsModule],
  controllers: [RegexLabController],
  providers: [RegexLabService, WatchedLogs],
  exports: [WatchedLogs],
})
export class RegexLabModule {}
