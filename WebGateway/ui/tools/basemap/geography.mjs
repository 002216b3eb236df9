// Natural Earth as world-atlas packs it (public domain), made ready for tiling.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature, mesh } from 'topojson-client';

/** Land, coast, borders and country names as GeoJSON. */
export function readGeography() {
  const path = createRequire(import.meta.url).resolve('world-atlas/countries-10m.json');
  const atlas = JSON.parse(readFileSync(path, 'utf8'));
  const { land, countries } = atlas.objects;
  return {
    land: unwrapPolygons(feature(atlas, land)),
    coast: unwrapLines(mesh(atlas, countries, (a, b) => a === b)),
    border: unwrapLines(mesh(atlas, countries, (a, b) => a !== b)),
    label: countryNames(unwrapPolygons(feature(atlas, countries))),
  };
}

// The shapes are stitched over the antimeridian: tiled as they are they would paint bars around the world. Here their
// longitudes become continuous (beyond 180 where needed); the tiler wraps them back.
function unwrap(points) {
  const result = [[...points[0]]];
  for (let i = 1; i < points.length; i++) {
    const before = result[i - 1][0];
    const turns = Math.round((points[i][0] - before) / 360);
    result.push([points[i][0] - 360 * turns, points[i][1]]);
  }
  return result;
}

function unwrapRing(ring) {
  const result = unwrap(ring);
  const [first, last] = [result[0], result[result.length - 1]];
  if (Math.abs(last[0] - first[0]) > 180) {
    // It goes around a pole (Antarctica): close it over the pole.
    const pole = first[1] < 0 ? -89.9 : 89.9;
    result.push([last[0], pole], [first[0], pole], [...first]);
  }
  return result;
}

function unwrapPolygon([outer, ...holes]) {
  const shell = unwrapRing(outer);
  return [shell, ...holes.map(hole => {
    const ring = unwrapRing(hole);
    const turns = Math.round((shell[0][0] - ring[0][0]) / 360);
    return ring.map(([x, y]) => [x + 360 * turns, y]);
  })];
}

function unwrapPolygons(collection) {
  return {
    ...collection,
    features: collection.features.map(f => ({
      ...f, geometry: { type: 'MultiPolygon', coordinates: polygonsOf(f.geometry).map(unwrapPolygon) },
    })),
  };
}

const polygonsOf = geometry => geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;

const unwrapLines = lines => ({
  type: 'Feature', properties: {}, geometry: { type: 'MultiLineString', coordinates: lines.coordinates.map(unwrap) },
});

/** One point per country, in the middle of its largest part; rank 1 (large) to 4. */
function countryNames(countries) {
  const points = countries.features.map(({ properties, geometry }) => {
    const parts = geometry.coordinates.map(([outer]) => ({ outer, ...centroid(outer) }));
    const { x, y, area } = parts.reduce((a, b) => b.area > a.area ? b : a);
    const rank = area > 200 ? 1 : area > 30 ? 2 : area > 5 ? 3 : 4;
    return {
      type: 'Feature', properties: { name: properties.name, rank },
      geometry: { type: 'Point', coordinates: [x, y] },
    };
  });
  return { type: 'FeatureCollection', features: points };
}

function centroid(ring) {
  let [x, y, sum] = [0, 0, 0];
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const cross = ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
    x += (ring[j][0] + ring[i][0]) * cross;
    y += (ring[j][1] + ring[i][1]) * cross;
    sum += cross;
  }
  return { x: x / (3 * sum), y: y / (3 * sum), area: Math.abs(sum / 2) };
}
