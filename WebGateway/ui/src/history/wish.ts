import type { Place } from '@artmqtt/client';
import { shortOf } from '../admin/parts/texts';

/** Whose positions: a device's, or those that operators published for a request. */
export interface Subject {
  readonly kind: 'device' | 'request';
  readonly id: string;
}

/** How much of a route is loaded: as much as is sensible, every position, or the first of each minute. */
export type Detail = 'auto' | 'all' | 'minute';
export type Colouring = 'speed' | 'vehicle';

/** A part of a subject's route. */
export interface Slice {
  readonly subject: Subject;
  /** ms. */
  readonly from: number;
  readonly to: number;
}

/** All that the page shows, as its address says. Times are ms. */
export interface Wish {
  readonly subjects: readonly Subject[];
  readonly from: number;
  readonly to: number;
  readonly detail: Detail;
  readonly colouring: Colouring;
  /** The moment that the replay stands at. */
  readonly moment: number | null;
  readonly rate: number;
  readonly followed: string | null;
  readonly hasHeat: boolean;
  /** Corners of the area that is asked for. */
  readonly area: readonly Place[];
  readonly compared: readonly Slice[];
}

export const rates: readonly number[] = [1, 5, 10, 30, 60, 600];
export const mostSubjects = 20;
const details: readonly Detail[] = ['auto', 'all', 'minute'];
const mostCorners = 1_000;

/** What is shown when the address says nothing: the last day. */
export const firstWish = (now: number): Wish => ({
  subjects: [], from: minuteOf(now - 86_400_000), to: minuteOf(now), detail: 'auto', colouring: 'speed', moment: null, rate: 10,
  followed: null, hasHeat: false, area: [], compared: [],
});

export const keyOf = ({ kind, id }: Subject): string => `${kind}:${id}`;

/** For people: requests have no name of their own. */
export const nameOf = ({ kind, id }: Subject): string => kind === 'device' ? id : `Request ${shortOf(id)}`;

/** Reads the query of an address; what it does not say, or says wrong, is as in the first wish. */
export function readWish(search: string, now: number): Wish {
  const params = new URLSearchParams(search);
  const first = firstWish(now);
  const [from, to] = [time(params.get('from')), time(params.get('to'))];
  const isPeriod = from !== null && to !== null && from < to;
  const rate = Number(params.get('rate'));
  const detail = details.find(each => each === params.get('detail'));
  return {
    ...first,
    subjects: unique([
      ...params.getAll('device').map((id): Subject => ({ kind: 'device', id })),
      ...params.getAll('request').map((id): Subject => ({ kind: 'request', id })),
    ]).slice(0, mostSubjects),
    ...(isPeriod && { from, to }),
    detail: detail ?? first.detail,
    colouring: params.get('colour') === 'vehicle' ? 'vehicle' : 'speed',
    moment: time(params.get('at')),
    rate: rates.includes(rate) ? rate : first.rate,
    followed: params.get('follow'),
    hasHeat: params.get('heat') === '1',
    area: corners(params.get('area')),
    compared: params.getAll('compare').map(slice).filter(each => each !== null).slice(0, 2),
  };
}

/** The query of an address that shows the same again; begins with ? or is empty. */
export function writeWish(wish: Wish): string {
  const params = new URLSearchParams();
  for (const { kind, id } of wish.subjects) {
    params.append(kind, id);
  }
  params.set('from', iso(wish.from));
  params.set('to', iso(wish.to));
  const more: Readonly<Record<string, string | null>> = {
    detail: wish.detail === 'auto' ? null : wish.detail,
    colour: wish.colouring === 'speed' ? null : wish.colouring,
    at: wish.moment === null ? null : iso(wish.moment),
    rate: wish.rate === 10 ? null : String(wish.rate),
    follow: wish.followed,
    heat: wish.hasHeat ? '1' : null,
    area: wish.area.length === 0 ? null : wish.area.map(({ lng, lat }) => `${round(lng)},${round(lat)}`).join(';'),
  };
  Object.entries(more).filter(([, value]) => value !== null).forEach(([name, value]) => params.set(name, value!));
  for (const { subject, from, to } of wish.compared) {
    params.append('compare', `${keyOf(subject)}/${iso(from)}/${iso(to)}`);
  }
  return `?${params}`;
}

const minuteOf = (ms: number): number => Math.floor(ms / 60_000) * 60_000;
const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

function time(text: string | null): number | null {
  const ms = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

function unique(subjects: readonly Subject[]): Subject[] {
  return [...new Map(subjects.filter(({ id }) => id !== '').map(subject => [keyOf(subject), subject])).values()];
}

function corners(text: string | null): Place[] {
  const places = (text ?? '').split(';').map(part => part.split(',').map(Number))
    .map(([lng, lat]) => ({ lng: lng ?? Number.NaN, lat: lat ?? Number.NaN }));
  return places.length >= 3 && places.length < mostCorners && places.every(({ lng, lat }) => Math.abs(lng) <= 180 && Math.abs(lat) <= 90)
    ? places : [];
}

function slice(text: string): Slice | null {
  const match = /^(device|request):([^/]+)\/([^/]+)\/([^/]+)$/.exec(text);
  const [from, to] = [time(match?.[3] ?? null), time(match?.[4] ?? null)];
  return match && from !== null && to !== null && from < to
    ? { subject: { kind: match[1] as Subject['kind'], id: match[2]! }, from, to } : null;
}
