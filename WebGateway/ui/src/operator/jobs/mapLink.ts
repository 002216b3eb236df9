import type { Place } from '@artmqtt/client';

/** Opens a place in the phone's map app; elsewhere in a map of the web. */
export function mapLink({ lat, lng }: Place, agent: string = navigator.userAgent): string {
  const place = `${lat.toFixed(6)},${lng.toFixed(6)}`;
  return /Android/i.test(agent) ? `geo:${place}?q=${place}`
    : /iPhone|iPad|Macintosh/i.test(agent) ? `https://maps.apple.com/?daddr=${place}`
      : `https://www.openstreetmap.org/?mlat=${lat.toFixed(6)}&mlon=${lng.toFixed(6)}#map=17/${lat.toFixed(6)}/${lng.toFixed(6)}`;
}
