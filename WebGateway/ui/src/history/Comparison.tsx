import { useEffect, useMemo, useRef } from 'react';
import { envelope } from './chartScale';
import { deviation, partOf, sumsOf, type Part } from './compare';
import type { LoadedRoute } from './past';
import { duration, kilometres, kmh, number, span, texts } from './texts';
import { keyOf, nameOf, type Slice } from './wish';

const [width, height] = [320, 110];

/** Two routes beside each other. */
export function Comparison({ routes, compared, onStop }: {
  readonly routes: readonly LoadedRoute[]; readonly compared: readonly Slice[]; readonly onStop: () => void;
}) {
  const parts = useMemo(() => compared.flatMap(slice => {
    const route = routes.find(({ key }) => key === keyOf(slice.subject));
    const part = route ? partOf(route.track, slice.from, slice.to) : null;
    return part ? [{ ...part, name: `${nameOf(slice.subject)}, ${span(slice.from, slice.to)}` }] : [];
  }), [routes, compared]);
  const [first, second] = parts;

  return (
    <section className="history-section" aria-label={texts.compared}>
      <div className="history-row">
        <h2 className="history-title">{texts.compared}</h2>
        {compared.length > 0 && <button className="button is-small" type="button" onClick={onStop}>{texts.stopComparing}</button>}
      </div>
      {first && second ? <Both first={first} second={second} />
        : <p className="note">{compared.length === 0 ? texts.compareHint : texts.oneMore}</p>}
    </section>
  );
}

type Named = Part & { readonly name: string };

function Both({ first, second }: { readonly first: Named; readonly second: Named }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [a, b] = [useMemo(() => sumsOf(first), [first]), useMemo(() => sumsOf(second), [second])];
  const apart = useMemo(() => [deviation(first, second), deviation(second, first)], [first, second]);
  useEffect(() => draw(canvas.current!, [first, second]), [first, second]);
  const rows: readonly (readonly [name: string, a: number, b: number, words: (value: number) => string])[] = [
    [texts.distance, a.distance, b.distance, kilometres],
    [texts.duration, a.seconds, b.seconds, duration],
    [texts.moving, a.moving, b.moving, duration],
    [texts.average, a.average, b.average, kmh],
    [texts.fastest, a.fastest, b.fastest, kmh],
    [texts.together, apart[0]!.together, apart[1]!.together, share => `${number(share * 100)} %`],
    [texts.apart, apart[0]!.most, apart[1]!.most, kilometres],
  ];
  return (
    <>
      <table className="history-compared">
        <thead><tr><th scope="col">{texts.values}</th><th scope="col">{first.name}</th><th scope="col">{second.name}</th></tr></thead>
        <tbody>
          {rows.map(([name, one, two, words]) => (
            <tr key={name}><th scope="row">{name}</th><td>{words(one)}</td><td>{words(two)}</td></tr>
          ))}
        </tbody>
      </table>
      <canvas className="history-both" ref={canvas} role="img" aria-label={texts.comparedSpeeds} />
    </>
  );
}

// Both begin at the left; the longer one ends at the right.
function draw(canvas: HTMLCanvasElement, parts: readonly Part[]): void {
  [canvas.width, canvas.height] = [width * devicePixelRatio, height * devicePixelRatio];
  const context = canvas.getContext('2d')!;
  context.scale(devicePixelRatio, devicePixelRatio);
  const style = getComputedStyle(canvas);
  const ways = parts.map(({ track, first, last }) => track.distances[last]! - track.distances[first]!);
  const longest = Math.max(1, ...ways);
  const lines = parts.map(({ track, first, last }) =>
    envelope(track.distances, track.speeds, first, last + 1, track.distances[first]!, track.distances[first]! + longest, width).high);
  const fastest = Math.max(1, ...lines.map(line => line.reduce((most, value) => value > most ? value : most, 0)));
  lines.forEach((line, k) => {
    context.beginPath();
    let isOn = false;
    line.forEach((speed, x) => {
      if (!Number.isNaN(speed)) {
        context[isOn ? 'lineTo' : 'moveTo'](x, height - 2 - speed / fastest * (height - 16));
        isOn = true;
      }
    });
    context.lineWidth = 2;
    context.strokeStyle = style.getPropertyValue(`--route-${k}`);
    context.stroke();
  });
  context.fillStyle = style.getPropertyValue('--ink-soft');
  context.font = `11px ${style.fontFamily}`;
  context.fillText(`${kmh(fastest)}`, 2, 11);
  context.textAlign = 'end';
  context.fillText(kilometres(longest), width - 2, 11);
}
