import { envelope, ticks, timeTicks, type Envelope } from './chartScale';
import { number, tick } from './texts';
import type { Track } from './track';

/** Pixels around the plot, for its scales. */
export const inset = { left: 34, right: 40, top: 6, bottom: 18 };
const perTimeTick = 90;
const leastSpeed = 30;
const leastClimb = 20;

export const xOf = (time: number, from: number, to: number, width: number): number =>
  inset.left + (time - from) / Math.max(1, to - from) * (width - inset.left - inset.right);

export const timeOf = (x: number, from: number, to: number, width: number): number =>
  from + Math.min(1, Math.max(0, (x - inset.left) / Math.max(1, width - inset.left - inset.right))) * (to - from);

/** Draws speed (filled) and altitude (line) of a part of a track. */
export function drawProfile(
  context: CanvasRenderingContext2D, style: CSSStyleDeclaration, track: Track, from: number, to: number, width: number, height: number,
): void {
  const [soft, line, speedColour, altitudeColour] = ['--ink-soft', '--line', '--accent', '--chart-altitude'].map(name => style.getPropertyValue(name));
  const columns = Math.max(1, width - inset.left - inset.right);
  const [begin, end] = [Math.max(0, track.indexAt(from)), track.indexAt(to) + 1];
  const squeeze = (values: Float32Array): Envelope => envelope(track.times, values, begin, end, from, to, columns);
  const [speeds, altitudes] = [squeeze(track.speeds), squeeze(track.altitudes)];
  const floor = height - inset.bottom;
  const fastest = Math.max(leastSpeed, max(speeds.high) * 3.6);
  const speedY = (speed: number): number => floor - speed * 3.6 / fastest * (floor - inset.top);
  const lowest = min(altitudes.low);
  const climb = Math.max(leastClimb, max(altitudes.high) - lowest);
  const altitudeY = (altitude: number): number => floor - (altitude - lowest) / climb * (floor - inset.top);

  context.font = `11px ${style.fontFamily}`;
  context.textBaseline = 'middle';
  context.textAlign = 'end';
  for (const value of ticks(0, fastest, 3)) {
    const y = speedY(value / 3.6);
    context.fillStyle = line!;
    context.fillRect(inset.left, y, columns, 1);
    context.fillStyle = soft!;
    context.fillText(number(value), inset.left - 5, y);
  }
  context.textAlign = 'start';
  if (Number.isFinite(lowest)) {
    context.fillStyle = altitudeColour!;
    ticks(lowest, lowest + climb, 3).forEach(value => context.fillText(number(value), width - inset.right + 5, altitudeY(value)));
  }
  context.textAlign = 'center';
  context.fillStyle = soft!;
  const zone = new Date(from).getTimezoneOffset();
  const times = timeTicks(from, to, Math.max(2, columns / perTimeTick), zone);
  const step = times.length > 1 ? times[1]! - times[0]! : to - from;
  times.forEach(time => context.fillText(tick(time, step), xOf(time, from, to, width), height - 7));

  const lines = linesOf(speeds.high.map(speedY));
  context.fillStyle = speedColour!;
  context.globalAlpha = 0.25;
  for (const points of lines) {
    trace(context, points);
    context.lineTo(inset.left + points.at(-1)![0], floor);
    context.lineTo(inset.left + points[0]![0], floor);
    context.fill();
  }
  context.globalAlpha = 1;
  const middles = altitudes.high.map((high, column) => altitudeY((high + altitudes.low[column]!) / 2));
  for (const [colour, all] of [[speedColour!, lines], [altitudeColour!, linesOf(middles)]] as const) {
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    context.strokeStyle = colour;
    for (const points of all) {
      trace(context, points);
      context.stroke();
    }
  }
}

type Points = readonly (readonly [column: number, y: number])[];

function trace(context: CanvasRenderingContext2D, points: Points): void {
  context.beginPath();
  points.forEach(([column, y]) => context.lineTo(inset.left + column, y));
}

/** Lines through the columns that have values, broken where too many have none. */
export function linesOf(ys: Float32Array): Points[] {
  const most = Math.max(2, ys.length / 100);
  const lines: (readonly [number, number])[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  ys.forEach((y, column) => {
    if (!Number.isNaN(y)) {
      if (column - last > most) {
        lines.push([]);
      }
      lines.at(-1)!.push([column + 0.5, y]);
      last = column;
    }
  });
  return lines;
}

const max = (values: Float32Array): number => values.reduce((most, value) => value > most ? value : most, Number.NEGATIVE_INFINITY);
const min = (values: Float32Array): number => values.reduce((least, value) => value < least ? value : least, Number.POSITIVE_INFINITY);
