// The package brings no types of its own; this is the one function we use.
declare module 'd3-geo-projection' {
  import { type GeoProjection } from 'd3-geo';
  import { type Geometry } from 'geojson';

  /** Projects the geometry, cut at the antimeridian; null when nothing of it is left. */
  export function geoProject(object: Geometry, projection: GeoProjection): Geometry | null;
}
