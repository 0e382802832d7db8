// `npm run world`: writes the world map of the portal. The shapes are Natural Earth's (public domain), from world-atlas.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { geoEqualEarth, type GeoProjection } from 'd3-geo';
import { geoProject } from 'd3-geo-projection';
import type { Geometry, MultiPolygon, Position } from 'geojson';
import { checkout } from './lib/paths.ts';
import { type Drawn, drawnCountries } from './world/shapes.ts';

/** Half the width of the map: coordinates are whole numbers from −WIDTH to WIDTH, up is positive. */
const WIDTH = 5000;
/** Radius of the circle that stands for a country too small to be drawn. */
const RADIUS = 28;
const CORNERS = 10;
/** Pieces whose outline spans less than this are dropped unless they are all of a country. */
const LEAST_SPAN = 6;

// Equal areas: on a map that tells amounts by colour, a country must not look larger than it is.
// Turned by 11 degrees, the edge runs through the Bering Strait and cuts no country.
const projection = geoEqualEarth()
  .rotate([-11, 0])
  .scale(WIDTH / 2.7066)
  .translate([0, 0])
  .precision(0.5);

const whole = ([x = 0, y = 0]: Position): Position => [Math.round(x), Math.round(-y)];

/** Rounded, without points that fell on their neighbour; undefined when no area is left. */
function ring(points: Position[]): Position[] | undefined {
  const rounded = points.map(whole).filter(([x, y], index, all) => {
    const before = all[index - 1];
    return before?.[0] !== x || before?.[1] !== y;
  });
  return rounded.length >= 4 ? rounded : undefined;
}

function span(points: Position[]): number {
  const xs = points.map(([x = 0]) => x);
  const ys = points.map(([, y = 0]) => y);
  return Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}

function polygons(geometry: Geometry | null): Position[][][] {
  if (geometry?.type === 'Polygon') return [geometry.coordinates];
  return geometry?.type === 'MultiPolygon' ? geometry.coordinates : [];
}

function shapeOf(shape: MultiPolygon, using: GeoProjection): Position[][][] {
  const all = polygons(geoProject(shape, using))
    .map((rings) => rings.map(ring).filter((each) => each !== undefined))
    .filter((rings) => rings.length > 0);
  const large = all.filter(([outline = []]) => span(outline) >= LEAST_SPAN);
  return large.length > 0 ? large : all;
}

function circle(at: Position): Position[][][] {
  const [x = 0, y = 0] = projection([at[0] ?? 0, at[1] ?? 0]) ?? [];
  const corner = (index: number): Position => {
    const angle = (index % CORNERS) * ((2 * Math.PI) / CORNERS);
    return whole([x + RADIUS * Math.cos(angle), y + RADIUS * Math.sin(angle)]);
  };
  return [[Array.from({ length: CORNERS + 1 }, (_, index) => corner(index))]];
}

function featureOf(drawn: Drawn): object {
  const coordinates = 'shape' in drawn ? shapeOf(drawn.shape, projection) : circle(drawn.point);
  if (coordinates.length === 0) throw new Error(`Nothing of ${drawn.code} is left.`);
  return {
    type: 'Feature',
    properties: { name: drawn.code },
    geometry: { type: 'MultiPolygon', coordinates },
  };
}

const countries = drawnCountries();
// Circles last, so that they lie on top of the country around them.
const sorted = [...countries.filter((each) => 'shape' in each), ...countries.filter((each) => 'point' in each)];
const file = join(checkout, 'apps/portal/public/geo/world.json');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify({ type: 'FeatureCollection', features: sorted.map(featureOf) })}\n`);
console.log(`${sorted.length} countries, ${countries.filter((each) => 'point' in each).length} of them as a circle.`);
