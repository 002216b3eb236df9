import { locale } from './words';

type Unit = 'second' | 'minute' | 'hour' | 'day';

/** 7 → "7 seconds ago", 90 → "1 minute ago", 7,300 → "2 hours ago". */
export function formatAge(seconds: number): string {
  const [unit, length]: [Unit, number] = seconds < 60 ? ['second', 1]
    : seconds < 3_600 ? ['minute', 60]
      : seconds < 172_800 ? ['hour', 3_600] : ['day', 86_400];
  return made('age', () => new Intl.RelativeTimeFormat(locale)).format(-Math.floor(seconds / length), unit);
}

/** 7 → "7 min", 65 → "1 hr 5 min". */
export function formatMinutes(minutes: number): string {
  const rest = minutes % 60;
  return minutes < 60 ? amount(minutes, 'minute')
    : [amount(Math.floor(minutes / 60), 'hour'), ...rest > 0 ? [amount(rest, 'minute')] : []].join(' ');
}

/** 84 → "80 m", 1,240 → "1.2 km", 23,400 → "23 km". */
export function formatDistance(metres: number): string {
  return metres < 995 ? amount(Math.round(metres / 10) * 10, 'meter')
    : metres < 9_950 ? amount(metres / 1_000, 'kilometer', 1) : amount(Math.round(metres / 1_000), 'kilometer');
}

/** The length of a scale: round numbers, so without zeros behind the point. */
export const formatLength = (metres: number): string =>
  metres < 1_000 ? amount(metres, 'meter') : amount(metres / 1_000, 'kilometer');

const times = (): Intl.DateTimeFormat => made('time', () => new Intl.DateTimeFormat(locale, { timeStyle: 'short' }));

/** "14:05", "2:05 PM". */
export const formatTime = (ms: number): string => times().format(ms);

/** "14:05–14:10", "2:05 – 2:10 PM". */
export const formatTimes = (from: number, to: number): string => times().formatRange(from, to);

/** Degrees as people read them out and machines understand them, in every language. */
export const formatPlace = ({ lat, lng }: { readonly lat: number; readonly lng: number }): string =>
  `${lat.toFixed(5)}, ${lng.toFixed(5)}`;

const amount = (value: number, unit: string, decimals = 0): string => made(`${unit} ${decimals}`, () => new Intl.NumberFormat(locale, {
  style: 'unit', unit, unitDisplay: 'short', minimumFractionDigits: decimals, maximumFractionDigits: decimals,
})).format(value);

const formats = new Map<string, unknown>();

/** A format is slow to make, and some are needed four times a second. */
function made<T>(name: string, make: () => T): T {
  const key = `${locale} ${name}`;
  if (!formats.has(key)) {
    formats.set(key, make());
  }
  return formats.get(key) as T;
}
