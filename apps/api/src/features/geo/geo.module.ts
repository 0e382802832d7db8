import { Module } from '@nestjs/common';
import { GeoCacheCleanUp } from './geo-cache-clean-up.ts';
import { GeoCacheRepository } from './geo-cache.repository.ts';
import { GeoController } from './geo.controller.ts';
import { Geo } from './geo.ts';
import { PlaceData, PlaceDataOptions } from './place-data.ts';
import { ReverseNameOptions, ReverseNames } from './reverse-names.ts';

/** Country, region and network of addresses, and their reverse names on demand. */
@Module({
  controllers: [GeoController],
  providers: [
    { provide: PlaceDataOptions, useValue: new PlaceDataOptions() },
    { provide: ReverseNameOptions, useValue: new ReverseNameOptions() },
    Geo,
    GeoCacheCleanUp,
    GeoCacheRepository,
    PlaceData,
    ReverseNames,
  ],
  exports: [Geo],
})
export class GeoModule {}
