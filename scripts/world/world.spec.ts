import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import iso from 'i18n-iso-countries';
import { describe, expect, it } from 'vitest';
import { checkout } from '../lib/paths.ts';

interface Shape {
  properties: { name: string };
  geometry: { coordinates: [number, number][][][] };
}

const text = readFileSync(join(checkout, 'apps/portal/public/geo/world.json'));
const { features } = JSON.parse(text.toString()) as { features: Shape[] };

describe('the map of the world', () => {
  it('draws every country of ISO 3166 and Kosovo, each once, but not Antarctica', () => {
    const drawn = features.map(({ properties }) => properties.name).sort();
    const all = [...new Set([...Object.keys(iso.getAlpha2Codes()), 'XK'])].filter((code) => code !== 'AQ').sort();
    expect(drawn).toEqual(all);
  });

  it('consists of closed outlines inside its frame', () => {
    for (const { properties, geometry } of features) {
      expect(geometry.coordinates.length, properties.name).toBeGreaterThan(0);
      for (const outline of geometry.coordinates.flat()) {
        expect(outline.at(-1), properties.name).toEqual(outline[0]);
        expect(outline.every(([x, y]) => Number.isInteger(x) && Math.abs(x) <= 5_000 && Math.abs(y) <= 2_500)).toBe(
          true,
        );
      }
    }
  });

  it('is small enough to be fetched with a page', () => {
    expect(gzipSync(text, { level: 9 }).length).toBeLessThan(120_000);
  });
});
