/** Words of the page. */
export const texts = {
  title: 'History',
  pages: 'Pages',
  dispatch: 'Dispatch',
  signOut: 'Sign out',
  map: 'Map of the past',
  choose: 'Whose, and when',
  devices: 'Devices',
  requests: 'Requests',
  kind: 'Look for',
  search: 'Search',
  searchDevices: 'Id or name',
  searchRequests: 'Id, device or customer',
  found: 'Found',
  chosen: 'Chosen',
  noneFound: 'Nothing like this.',
  noRequests: 'No requests were created in this period.',
  more: (count: number): string => `${number(count)} more: search for them.`,
  remove: (id: string): string => `Remove ${id}`,
  atMost: (count: number): string => `At most ${count} at a time.`,
  from: 'From',
  to: 'To',
  wrongPeriod: 'The end must be after the beginning.',
  lastHour: 'Last hour',
  lastDay: 'Last day',
  lastWeek: 'Last week',
  detail: 'Detail',
  details: { auto: 'As fits', all: 'Every position', minute: 'One a minute' },
  show: 'Show routes',
  cancel: 'Cancel',
  loading: 'Loading the routes',
  loaded: (count: number): string => count === 1 ? '1 position' : `${number(count)} positions`,
  bucket: (seconds: number): string => `The first position of each ${seconds} s.`,
  cut: {
    cancelled: 'Cancelled: this is a part of it.',
    full: 'This is as much as the page takes. Choose a shorter period, or less detail.',
  },
  nothing: 'Choose devices or requests and a period, then show their routes.',
  empty: 'No positions in this period.',
  routes: 'Routes',
  colour: 'Colour',
  colours: { speed: 'Speed', vehicle: 'Vehicle' },
  speedScale: 'km/h',
  follow: 'Follow',
  unfollow: 'Stop following',
  whole: 'Whole route',
  trip: 'Trip',
  stop: 'Stop',
  tripsAndStops: (trips: number, stops: number): string => `${trips} ${trips === 1 ? 'trip' : 'trips'}, ${stops} ${stops === 1 ? 'stop' : 'stops'}`,
  moreParts: (count: number): string => `${number(count)} more: choose a shorter period.`,
  compare: 'Compare',
  compared: 'Compared',
  compareHint: 'Mark two trips or whole routes with “Compare”.',
  oneMore: 'One more to compare it with.',
  stopComparing: 'Stop comparing',
  values: 'Value',
  distance: 'Distance',
  duration: 'Duration',
  moving: 'Moving',
  average: 'Average while moving',
  fastest: 'Fastest',
  together: 'Within 50 m of the other',
  apart: 'Farthest apart',
  comparedSpeeds: 'Speeds of both over the distance',
  who: 'Who was there',
  whoHint: 'Draw an area: who was in it in the period above, and when.',
  box: 'Draw a box',
  polygon: 'Draw a polygon',
  mapArea: 'What the map shows',
  clearArea: 'Clear the area',
  drawBox: 'Drag over the area; or arrow keys, and Space at two corners. Escape gives up.',
  drawPolygon: 'Click the corners, or arrow keys and Space; then Enter, or the first corner. Escape gives up.',
  searching: 'Searching',
  nobody: 'Nobody was there.',
  present: (count: number): string => count === 1 ? '1 device was there' : `${number(count)} devices were there`,
  moreThere: 'These are the first of them.',
  showRoute: 'Show route',
  heat: 'Heat map',
  showHeat: 'Positions by cell',
  heatHint: 'Of the chosen devices, or of all when none is chosen, in the period above.',
  heatOf: (cells: number, most: number): string => `${number(cells)} cells, at most ${number(most)} positions in one`,
  heatTruncated: 'The emptiest cells are left out.',
  export: 'Export',
  format: 'Format',
  exportHint: 'Every position of the chosen devices and requests in the period above.',
  startExport: 'Export',
  exporting: (megabytes: string): string => `${megabytes} MB`,
  broke: 'The transfer broke off. Nothing was saved.',
  link: 'Link',
  linkHint: 'Leads to what is shown now; whoever opens it needs a token.',
  copy: 'Copy link',
  copied: 'Copied',
  play: 'Play',
  pause: 'Pause',
  rate: 'Speed of the replay',
  moment: 'Moment',
  replay: 'Replay',
  chart: 'Speed and altitude',
  chartOf: 'Chart of',
  speed: 'Speed, km/h',
  altitude: 'Altitude, m',
  unknown: '–',
};

/** The formats of exports. */
export const formats: readonly (readonly [name: string, title: string])[] = [
  ['geojson', 'GeoJSON'], ['gpx', 'GPX'], ['kml', 'KML'], ['csv', 'CSV'], ['parquet', 'Parquet'], ['mfjson', 'MF-JSON'],
];

const dateTime = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

export const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
export const at = (ms: number): string => dateTime.format(ms);
export const tick = (ms: number, step: number): string =>
  step >= 86_400_000 ? date.format(ms) : step >= 60_000 ? clock.format(ms) : clockSeconds.format(ms);

/** From one moment to another, the day only when it is another one. */
export const span = (from: number, to: number): string =>
  `${date.format(from)}, ${clock.format(from)} – ${date.format(from) === date.format(to) ? '' : `${date.format(to)}, `}${clock.format(to)}`;
export const kilometres = (metres: number): string => metres < 1_000 ? `${number(metres)} m` : `${number(metres / 1_000, 1)} km`;
export const kmh = (speed: number): string => `${number(speed * 3.6)} km/h`;

/** 75 → "1 min", 3,900 → "1 h 5 min". */
export function duration(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  return Math.abs(seconds) < 60 ? `${number(seconds)} s`
    : `${seconds < 0 ? '-' : ''}${minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`}`;
}
