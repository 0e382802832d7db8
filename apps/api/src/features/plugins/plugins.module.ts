import { Module } from '@nestjs/common';
import { PluginPlaces, SourcePlugins } from './source-plugins.ts';

/** Blocklist sources as plugins: found, checked, hosted. */
@Module({
  providers: [{ provide: PluginPlaces, useValue: new PluginPlaces() }, SourcePlugins],
  exports: [SourcePlugins],
})
export class PluginsModule {}
