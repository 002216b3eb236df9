import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { drawProfile, inset, xOf, timeOf } from './profile';
import type { LoadedRoute } from './past';
import type { Picked } from './pick';
import type { Replay } from './replay';
import { at, kmh, number, texts } from './texts';
import { nameOf } from './wish';

const height = 120;

/** Speed and altitude over time; the moment on it is the moment on the map, and the pointer on one shows on the other. */
export function ProfileChart({ routes, route, positions, from, to, replay, hovered, onHover, onRoute }: {
  readonly routes: readonly LoadedRoute[]; readonly route: LoadedRoute; readonly positions: number; readonly from: number; readonly to: number;
  readonly replay: Replay; readonly hovered: Picked | null; readonly onHover: (picked: Picked | null) => void; readonly onRoute: (key: string) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const { track } = route;
  const scheme = useScheme();

  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (width > 0) {
      drawProfile(sized(chart.current!, width), getComputedStyle(box.current!), track, from, to, width, height);
    }
  }, [track, positions, from, to, width, scheme]);

  const hoveredTime = hovered ? hovered.route.track.times[hovered.index]! : null;
  useEffect(() => {
    const show = (): void => {
      const { moment } = replay;
      const pose = track.poseAt(moment);
      const slider = box.current!;
      slider.setAttribute('aria-valuemin', String(replay.begin));
      slider.setAttribute('aria-valuemax', String(replay.end));
      slider.setAttribute('aria-valuenow', String(Math.round(moment)));
      slider.setAttribute('aria-valuetext', `${at(moment)}, ${pose ? words(pose.speed, pose.altitude) : texts.unknown}`);
      if (width === 0) {
        return;
      }
      const context = sized(cursor.current!, width);
      const style = getComputedStyle(slider);
      const line = (time: number, colour: string): void => {
        const x = xOf(time, from, to, width);
        context.fillStyle = colour;
        context.fillRect(x - 1, 0, 2, height - inset.bottom);
      };
      line(moment, style.getPropertyValue('--accent'));
      if (hoveredTime !== null && hoveredTime >= from && hoveredTime <= to) {
        line(hoveredTime, style.getPropertyValue('--ink'));
      }
    };
    show();
    return replay.subscribe(show);
  }, [replay, track, positions, from, to, width, hoveredTime, scheme]);

  const timeAt = (event: PointerEvent): number => timeOf(event.clientX - box.current!.getBoundingClientRect().left, from, to, width);
  const find = (time: number): Picked | null => {
    const index = track.indexAt(time);
    return index < 0 ? null : { route, index, away: 0 };
  };
  const press = (event: KeyboardEvent): void => {
    const step = (to - from) / 100;
    const target = {
      ArrowLeft: replay.moment - step, ArrowRight: replay.moment + step, PageDown: replay.moment - 10 * step,
      PageUp: replay.moment + 10 * step, Home: from, End: to,
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      replay.seek(target);
    }
  };
  const shown = hovered && hovered.route.key === route.key ? hovered.index : null;

  return (
    <div className="history-chart">
      <div className="history-row">
        {routes.length > 1 ? (
          <label className="history-inline">
            {texts.chartOf}
            <select value={route.key} onChange={event => onRoute(event.target.value)}>
              {routes.map(({ key, subject }) => <option key={key} value={key}>{nameOf(subject)}</option>)}
            </select>
          </label>
        ) : <span className="note">{texts.chart}</span>}
        <span className="note history-reading">
          {shown === null ? `${texts.speed} · ${texts.altitude}`
            : `${at(track.times[shown]!)} · ${words(track.speeds[shown]!, Number.isNaN(track.altitudes[shown]!) ? null : track.altitudes[shown]!)}`}
        </span>
      </div>
      <div
        ref={box} className="history-plot" role="slider" tabIndex={0} aria-label={texts.chart} aria-valuenow={0} onKeyDown={press}
        onPointerMove={event => onHover(find(timeAt(event)))} onPointerLeave={() => onHover(null)}
        onPointerDown={event => replay.seek(timeAt(event))}
      >
        <canvas ref={chart} /><canvas ref={cursor} />
      </div>
    </div>
  );
}

const words = (speed: number, altitude: number | null): string =>
  `${kmh(speed)}${altitude === null ? '' : `, ${number(altitude)} m`}`;

function sized(canvas: HTMLCanvasElement, width: number): CanvasRenderingContext2D {
  [canvas.width, canvas.height] = [width * devicePixelRatio, height * devicePixelRatio];
  const context = canvas.getContext('2d')!;
  context.scale(devicePixelRatio, devicePixelRatio);
  return context;
}

// Canvases are drawn anew when the colour scheme changes.
function useScheme(): boolean {
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const change = (): void => setDark(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, []);
  return isDark;
}
