import { createRequire } from 'node:module';
import { geoCentroid, geoContains } from 'd3-geo';
import type { MultiPolygon, Polygon, Position } from 'geojson';
import iso from 'i18n-iso-countries';
import { feature, merge } from 'topojson-client';
import type { GeometryCollection, MultiPolygon as Arcs, Topology } from 'topojson-specification';

/** A country as it is drawn: its shape, or the point where its circle goes because its shape would be too small. */
export type Drawn =
  { readonly code: string; readonly shape: MultiPolygon } | { readonly code: string; readonly point: Position };

interface CountryName {
  readonly name: string;
}
type World = Topology<{ countries: GeometryCollection<CountryName> }>;

/** Shapes without an ISO code. Data about addresses counts the first two with the state ISO 3166 has them in. */
const CODES: Readonly<Record<string, string>> = { 'N. Cyprus': 'CY', Somaliland: 'SO', Kosovo: 'XK' };
/** Not drawn: it would take a fifth of the map. */
const LEFT_OUT = new Set(['AQ']);
/** Parts that have a code of their own, but belong to another country's shape: a point in each. */
const PARTS: readonly { readonly code: string; readonly of: string; readonly inside: readonly Position[] }[] = [
  { code: 'GF', of: 'FR', inside: [[-53, 4]] },
  {
    code: 'SJ',
    of: 'NO',
    inside: [
      [16, 78.6],
      [23, 80],
      [22.5, 77.8],
    ],
  },
];
/** Places with a code but without a shape even in the finer map: longitude and latitude. */
const POINTS: Readonly<Record<string, Position>> = {
  BQ: [-68.3, 12.2],
  BV: [3.4, -54.4],
  CC: [96.8, -12.2],
  CX: [105.6, -10.5],
  GI: [-5.35, 36.14],
  GP: [-61.5, 16.2],
  MQ: [-61, 14.65],
  RE: [55.5, -21.1],
  TK: [-171.8, -9.2],
  TV: [179.2, -8.5],
  UM: [166.6, 19.3],
  YT: [45.2, -12.8],
};

const load = createRequire(import.meta.url);

/** Every country of ISO 3166 and Kosovo: those of the coarse map with their shape, the others as a point. */
export function drawnCountries(): Drawn[] {
  const shapes = new Map(shapesOf(load('world-atlas/countries-110m.json') as World));
  for (const { code, of, inside } of PARTS) split(shapes, code, of, inside);
  const points = new Map(Object.entries(POINTS));
  for (const [code, shape] of shapesOf(load('world-atlas/countries-50m.json') as World)) {
    if (!shapes.has(code)) points.set(code, geoCentroid(largest(shape)));
  }
  return [
    ...[...shapes].map(([code, shape]) => ({ code, shape })),
    ...[...points].map(([code, point]) => ({ code, point })),
  ]
    .filter(({ code }) => !LEFT_OUT.has(code))
    .sort((one, other) => (one.code < other.code ? -1 : 1));
}

/** Parts of the atlas by code; parts with the same code become one shape without a border inside. */
function* shapesOf(atlas: World): Generator<[string, MultiPolygon]> {
  const parts = new Map<string, Arcs[]>();
  for (const part of atlas.objects.countries.geometries) {
    const name = part.properties && 'name' in part.properties ? part.properties.name : '';
    const code = part.id === undefined ? CODES[name] : iso.numericToAlpha2(part.id);
    // Two more of the finer map have no code: a glacier, and islands that have a point below.
    if (code !== undefined) parts.set(code, [...(parts.get(code) ?? []), part as Arcs]);
  }
  for (const [code, arcs] of parts) {
    const [first] = arcs;
    if (first === undefined) continue;
    yield [code, arcs.length > 1 ? merge(atlas, arcs) : asMulti(feature(atlas, first).geometry)];
  }
}

function asMulti(geometry: Polygon | MultiPolygon): MultiPolygon {
  return geometry.type === 'MultiPolygon' ? geometry : { type: 'MultiPolygon', coordinates: [geometry.coordinates] };
}

/** Gives those polygons of a country that hold one of the points to another code. */
function split(shapes: Map<string, MultiPolygon>, code: string, of: string, inside: readonly Position[]): void {
  const whole = shapes.get(of)?.coordinates ?? [];
  const isPart = (coordinates: Position[][]): boolean =>
    inside.some(([longitude = 0, latitude = 0]) =>
      geoContains({ type: 'Polygon', coordinates }, [longitude, latitude]),
    );
  const part = whole.filter(isPart);
  if (part.length === 0) throw new Error(`${of} has no part that could be ${code}.`);
  shapes.set(code, { type: 'MultiPolygon', coordinates: part });
  shapes.set(of, { type: 'MultiPolygon', coordinates: whole.filter((each) => !isPart(each)) });
}

/** The polygon with the longest outline: where a label, or a circle, of a group of islands belongs. */
function largest(shape: MultiPolygon): Polygon {
  const [coordinates = []] = [...shape.coordinates].sort(
    (one, other) => (other[0]?.length ?? 0) - (one[0]?.length ?? 0),
  );
  return { type: 'Polygon', coordinates };
}
