import type { ConnectionState, RequestStatus } from '@artmqtt/client';

/** What `<art-tracker>` says. Numbers and units are put in by the browser, in the language of the page. */
export interface Texts {
  readonly status: Readonly<Record<RequestStatus, string>>;
  readonly connection: Readonly<Record<ConnectionState, string>>;
  readonly loading: string;
  readonly notFound: string;
  readonly waiting: string;
  /** With `{time}`. */
  readonly arrives: string;
  /** With `{distance}`. */
  readonly away: string;
  /** With `{age}`. */
  readonly lastSeen: string;
  readonly map: string;
}

export const english: Texts = {
  status: {
    pending: 'Finding someone for you',
    assigned: 'Your operator is assigned',
    en_route: 'Your operator is on the way',
    arrived: 'Your operator has arrived',
    in_progress: 'Work is in progress',
    completed: 'All done',
    cancelled: 'This request was cancelled',
  },
  connection: {
    connecting: 'Connecting', live: 'Live', 'catching-up': 'Catching up', polling: 'Live, every 5 s', offline: 'Offline',
    denied: 'No access',
  },
  loading: 'Loading',
  notFound: 'This link is no longer valid',
  waiting: 'Waiting for the first position',
  arrives: 'arrives in {time}',
  away: '{distance} away',
  lastSeen: 'last seen {age} ago',
  map: 'Map with your operator',
};

/** An amount in the language of the page, with the unit that suits it. */
export class Amounts {
  constructor(private readonly language: string) {}

  /** Seconds, as "12 sec", "3 min" or "2 hr". */
  time(seconds: number): string {
    const [value, unit] = seconds < 60 ? [seconds, 'second'] : seconds < 5_400 ? [seconds / 60, 'minute'] : [seconds / 3_600, 'hour'];
    return this.format(Math.round(value), unit, 0);
  }

  /** Metres, as "80 m", "1.2 km" or "23 km". */
  distance(metres: number): string {
    return metres < 995 ? this.format(Math.round(metres / 10) * 10, 'meter', 0)
      : this.format(metres / 1_000, 'kilometer', metres < 9_950 ? 1 : 0);
  }

  private format(value: number, unit: string, digits: number): string {
    return new Intl.NumberFormat(this.language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits })
      .format(value);
  }
}
