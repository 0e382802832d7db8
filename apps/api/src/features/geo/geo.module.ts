import { Module } from '@nestjs/common';
import { Geo } from './geo.ts';

/** Country, region and network of addresses. */
@Module({ providers: [Geo], exports: [Geo] })
export class GeoModule {}
