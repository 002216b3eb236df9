/** Words that the views of operations share. */
export const texts = {
  loading: 'Loading',
  again: 'Try again',
  unreachable: 'The node cannot be reached.',
  cancel: 'Cancel',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  more: 'Show more',
  unknown: '–',
};

/** A request by the end of its id: ids that were made in the same minute begin alike. */
export const shortOf = (requestId: string): string => requestId.slice(-8);

const plain = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** 1234567 → "1,234,567". */
export const count = (value: number): string => plain.format(value);

/** 0.25 → "0.3", -0.04 → "0". */
export const tenths = (value: number): string => short.format(Math.round(value * 10) / 10 || 0);

/** 1536 → "1.5 KB". */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let rest = value;
  let unit = 0;
  for (; rest >= 1024 && unit < units.length - 1; unit++) {
    rest /= 1024;
  }
  return `${short.format(rest)} ${units[unit]}`;
}

/** 0.4 → "0.4 s", 90 → "1 min", 7300 → "2 h", 200000 → "2 days". */
export function duration(seconds: number): string {
  const size = Math.abs(seconds);
  return size < 10 ? `${tenths(seconds)} s`
    : size < 60 ? `${Math.floor(seconds)} s`
      : size < 3_600 ? `${Math.floor(seconds / 60)} min`
        : size < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${plain.format(Math.floor(seconds / 86_400))} days`;
}

/** How long ago that was. */
export const ago = (at: string, now: number): string => `${duration(Math.max(0, Math.floor((now - Date.parse(at)) / 1_000)))} ago`;

const moment = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** In the time of who reads it. */
export const time = (at: string): string => moment.format(new Date(at));
