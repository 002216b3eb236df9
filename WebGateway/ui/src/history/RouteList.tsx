import { speedStops } from './colours';
import type { LoadedRoute } from './past';
import { duration, kilometres, kmh, span, texts } from './texts';
import { keyOf, nameOf, type Colouring, type Slice, type Wish } from './wish';

const mostParts = 200;

type Part = { readonly from: number; readonly to: number };

/** What was loaded: of each route its trips and stops, to look at, follow and compare. */
export function RouteList({ routes, isLoading, wish, onChange, onLook, isWhole }: {
  readonly routes: readonly LoadedRoute[]; readonly isLoading: boolean; readonly wish: Wish; readonly isWhole: boolean;
  readonly onChange: (part: Partial<Wish>) => void; readonly onLook: (route: LoadedRoute, part: Part | null) => void;
}) {
  if (routes.length === 0) {
    return null;
  }
  const isCompared = (slice: Slice): boolean => wish.compared.some(each => same(each, slice));
  const compare = (slice: Slice): void => onChange({
    compared: isCompared(slice) ? wish.compared.filter(each => !same(each, slice)) : [...wish.compared, slice].slice(-2),
  });
  const compareButton = (slice: Slice, name: string) => (
    <button
      className="button is-small" type="button" aria-pressed={isCompared(slice)} aria-label={`${texts.compare}: ${name}`}
      onClick={() => compare(slice)}
    >{texts.compare}</button>
  );

  return (
    <section className="history-section" aria-label={texts.routes}>
      <div className="history-row">
        <h2 className="history-title">{texts.routes}</h2>
        <label className="history-inline">
          {texts.colour}
          <select value={wish.colouring} onChange={event => onChange({ colouring: event.target.value as Colouring })}>
            <option value="speed">{texts.colours.speed}</option>
            <option value="vehicle">{texts.colours.vehicle}</option>
          </select>
        </label>
      </div>
      {wish.colouring === 'speed' && (
        <ul className="history-scale" aria-label={texts.speedScale}>
          {speedStops.map((stop, i) => <li key={stop} data-stop={i}>{stop}{i === speedStops.length - 1 ? ` ${texts.speedScale}` : ''}</li>)}
        </ul>
      )}
      {routes.map(route => {
        const { key, subject, track, trips, stops, problem } = route;
        const parts = [
          ...trips.map(trip => ({ ...trip, isTrip: true, what: `${kilometres(trip.distance)}, ${kmh(trip.average)}` })),
          ...stops.map(stop => ({ ...stop, isTrip: false, what: duration((stop.to - stop.from) / 1_000) })),
        ].sort((a, b) => a.from - b.from);
        const isFollowed = wish.followed === key;
        return (
          <article className="history-route" key={key} data-route={route.index % 6} aria-label={nameOf(subject)}>
            <div className="history-row">
              <h3>{nameOf(subject)}</h3>
              {track.length > 0 && (
                <button
                  className="button is-small" type="button" aria-pressed={isFollowed}
                  onClick={() => onChange({ followed: isFollowed ? null : key })}
                >{isFollowed ? texts.unfollow : texts.follow}</button>
              )}
            </div>
            {problem && <p className="banner is-bad" role="alert">{problem}</p>}
            {!problem && track.length === 0 && !isLoading && <p className="note">{texts.empty}</p>}
            {track.length > 0 && (
              <div className="history-row">
                <button className="history-part" type="button" aria-pressed={isWhole} onClick={() => onLook(route, null)}>
                  {texts.whole}<span className="note">
                    {texts.loaded(track.length)} · {kilometres(track.distances[track.length - 1]!)}
                  </span>
                </button>
                {compareButton({ subject, from: track.begin, to: track.end }, `${nameOf(subject)}, ${texts.whole}`)}
              </div>
            )}
            {parts.length > 0 && (
              <details>
                <summary>{texts.tripsAndStops(trips.length, stops.length)}</summary>
                <ol className="history-parts">
                  {parts.slice(0, mostParts).map(part => (
                    <li className="history-row" key={`${part.isTrip}${part.from}`}>
                      <button className="history-part" type="button" onClick={() => onLook(route, part)}>
                        {part.isTrip ? texts.trip : texts.stop}, {span(part.from, part.to)}<span className="note">{part.what}</span>
                      </button>
                      {part.isTrip && compareButton({ subject, from: part.from, to: part.to }, `${nameOf(subject)}, ${span(part.from, part.to)}`)}
                    </li>
                  ))}
                </ol>
                {parts.length > mostParts && <p className="note">{texts.moreParts(parts.length - mostParts)}</p>}
              </details>
            )}
          </article>
        );
      })}
    </section>
  );
}

const same = (a: Slice, b: Slice): boolean => keyOf(a.subject) === keyOf(b.subject) && a.from === b.from && a.to === b.to;
