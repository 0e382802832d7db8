import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.ts';
import { PluginsController } from './plugins.controller.ts';
import { SourcePlugins } from './source-plugins.ts';

/** Blocklist sources as plugins: found, checked, hosted. */
@Module({
  imports: [AuditModule],
  controllers: [PluginsController],
  providers: [SourcePlugins],
  exports: [SourcePlugins],
})
export class PluginsModule {}
