// An invented town around a place: streets as the gateway serves them, and a way through them.
const metresPerDegree = 111_195;

/** @param {{ lat: number, lng: number }} centre */
export function createCity(centre) {
  const random = randomNumbers(3);
  const at = (east, north) => [
    centre.lng + east / (metresPerDegree * Math.cos(centre.lat * Math.PI / 180)), centre.lat + north / metresPerDegree];
  const bent = (east, north) => at(
    east + 70 * Math.sin(north / 900) + 20 * Math.sin(east / 310),
    north + 80 * Math.sin(east / 1_100) + 25 * Math.sin(north / 420));

  const names = [
    'Mill', 'Station', 'Garden', 'Church', 'River', 'Linden', 'Market', 'Harbour', 'School', 'Hill', 'Bridge', 'Park'];
  const features = [];
  const reach = 3_600;
  let number = 0;
  for (let offset = -reach; offset <= reach; offset += 180) {
    const roadClass = offset % 1_440 === 0 ? 0 : offset % 720 === 0 ? 1 : 2;
    for (const isNorth of [true, false]) {
      const name = `${names[number++ % names.length]} ${['Avenue', 'Road', 'Street'][roadClass]}`;
      for (let part = -reach; part < reach; part += 720) {
        if (roadClass === 2 && random() < 0.18) {
          continue;
        }
        const line = Array.from({ length: 9 }, (_, i) => part + i * 90)
          .map(along => isNorth ? bent(offset, along) : bent(along, offset));
        features.push(lineFeature(line, { class: roadClass, name }));
      }
    }
  }
  const parks = [[-1_260, 360, 720, 540], [900, -1_080, 540, 720], [360, 1_620, 900, 360]];
  for (const [east, north, width, height] of parks) {
    const ring = [[0, 0], [width, 0], [width, height], [0, height], [0, 0]].map(([x, y]) => bent(east + x, north + y));
    features.push({ type: 'Feature', properties: { park: true }, geometry: { type: 'Polygon', coordinates: [ring] } });
  }

  // From the edge along main roads to the middle.
  const corners = [[-2_160, -1_440], [-720, -1_440], [-720, 0], [0, 0], [0, 540]];
  const way = corners.flatMap(([east, north], i) => {
    const [toEast, toNorth] = corners[i + 1] ?? [east, north];
    const steps = Math.max(1, Math.hypot(toEast - east, toNorth - north) / 30);
    return Array.from(
      { length: steps }, (_, s) => bent(east + (toEast - east) * s / steps, north + (toNorth - north) * s / steps));
  });
  return { streets: { type: 'FeatureCollection', features }, way };
}

const lineFeature = (coordinates, properties) =>
  ({ type: 'Feature', properties, geometry: { type: 'LineString', coordinates } });

function randomNumbers(seed) {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}
