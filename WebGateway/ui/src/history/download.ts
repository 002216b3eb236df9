import type { Api } from '../admin/api';
import { pathOf, periodOf } from './routeLoader';
import type { Wish } from './wish';

/** The exports of what is chosen: one of all devices, one of each request. */
export function exportPaths({ subjects, from, to }: Pick<Wish, 'subjects' | 'from' | 'to'>, format: string): string[] {
  const query = `${periodOf(from, to)}&format=${format}`;
  const devices = subjects.filter(({ kind }) => kind === 'device');
  return [
    ...devices.length === 1 ? [`${pathOf(devices[0]!)}/export?${query}`]
      : devices.length > 1 ? [`/api/positions/export?${query}${devices.map(({ id }) => `&device=${encodeURIComponent(id)}`).join('')}`] : [],
    ...subjects.filter(({ kind }) => kind === 'request').map(subject => `${pathOf(subject)}/export?${query}`),
  ];
}

/** Fetches a file with the token and saves it under the name that the server gives it. What breaks off is not saved. */
export async function download(api: Api, path: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<void> {
  const response = await api.open(path, signal);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = response.body!.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    onBytes(bytes += read.value.length);
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(parts, { type: response.headers.get('content-type') ?? '' }));
  link.download = nameIn(response.headers.get('content-disposition'));
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The file name of a Content-Disposition. */
export const nameIn = (disposition: string | null): string =>
  /filename="?([^";]+)"?/.exec(disposition ?? '')?.[1] ?? 'route';
