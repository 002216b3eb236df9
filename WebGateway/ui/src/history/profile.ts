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

  band(context, speeds, speedY, floor, speedColour!);
  context.lineWidth = 1.5;
  context.strokeStyle = altitudeColour!;
  context.beginPath();
  let isOn = false;
  altitudes.high.forEach((high, column) => {
    if (Number.isNaN(high)) {
      return;
    }
    const y = altitudeY((high + altitudes.low[column]!) / 2);
    context[isOn ? 'lineTo' : 'moveTo'](inset.left + column + 0.5, y);
    isOn = true;
  });
  context.stroke();
}

// From the floor to the highest of each column; a column without a value is as the one before it, while that is near.
function band(context: CanvasRenderingContext2D, { high }: Envelope, y: (value: number) => number, floor: number, colour: string): void {
  context.fillStyle = colour;
  const carried = Math.max(2, high.length / 100);
  let [last, age] = [Number.NaN, 0];
  high.forEach((value, column) => {
    [last, age] = Number.isNaN(value) ? [last, age + 1] : [value, 0];
    if (!Number.isNaN(last) && age <= carried) {
      const top = y(last);
      context.globalAlpha = 0.3;
      context.fillRect(inset.left + column, top, 1, floor - top);
      context.globalAlpha = 1;
      context.fillRect(inset.left + column, top - 0.75, 1, 1.5);
    }
  });
}

const max = (values: Float32Array): number => values.reduce((most, value) => value > most ? value : most, Number.NEGATIVE_INFINITY);
const min = (values: Float32Array): number => values.reduce((least, value) => value < least ? value : least, Number.POSITIVE_INFINITY);
