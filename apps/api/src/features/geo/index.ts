export { GeoCacheEntity } from './geo-cache.entity.ts';
export { GeoModule } from './geo.module.ts';
export { Geo, type GeoSource } from './geo.ts';
export { nowhere, type Place } from './place.ts';
