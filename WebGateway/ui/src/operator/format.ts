/** 7 → "7 s", 90 → "1 min", 7,300 → "2 h". */
export function formatAge(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return whole < 60 ? `${whole} s`
    : whole < 3_600 ? `${Math.floor(whole / 60)} min`
      : whole < 172_800 ? `${Math.floor(whole / 3_600)} h` : `${Math.floor(whole / 86_400)} days`;
}

/** 84 → "80 m", 1,240 → "1.2 km", 23,400 → "23 km". */
export function formatDistance(metres: number): string {
  return metres < 995 ? `${Math.round(metres / 10) * 10} m`
    : metres < 9_950 ? `${(metres / 1_000).toFixed(1)} km` : `${Math.round(metres / 1_000)} km`;
}

/** Minutes until then, at least one. */
export function formatMinutes(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const formatTime = (ms: number): string =>
  new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

export const formatCount = (count: number): string => count.toLocaleString('en-GB');
