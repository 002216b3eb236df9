import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Api } from '../admin/api';
import { AreaSearch } from './AreaSearch';
import { Chooser } from './Chooser';
import { Comparison } from './Comparison';
import { ExportPanel } from './ExportPanel';
import { HeatPanel } from './HeatPanel';
import { LinkPanel } from './LinkPanel';
import { Past, type LoadedRoute } from './past';
import type { Picked } from './pick';
import { ProfileChart } from './ProfileChart';
import { Replay } from './replay';
import { ReplayBar } from './ReplayBar';
import { RouteList } from './RouteList';
import { texts } from './texts';
import { useHistoryMap } from './useHistoryMap';
import { readWish, writeWish, type Wish } from './wish';

/** The past on a map: choose, see, replay, ask, compare, export. The address always says what is shown. */
export function HistoryPage({ api }: { readonly api: Api }) {
  const [wish, setWish] = useState<Wish>(() => readWish(location.search, Date.now()));
  const [past] = useState(() => new Past(api));
  const [replay] = useState(() => new Replay());
  const state = useSyncExternalStore(past.subscribe, past.getSnapshot);
  const [hovered, setHovered] = useState<Picked | null>(null);
  const [charted, setCharted] = useState<string | null>(null);
  const [span, setSpan] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const container = useRef<HTMLDivElement>(null);
  const change = (part: Partial<Wish>): void => setWish(before => ({ ...before, ...part }));
  const { map, shown } = useHistoryMap(container, replay, {
    onHover: setHovered,
    onPick: picked => {
      setCharted(picked.route.key);
      replay.seek(picked.route.track.times[picked.index]!);
    },
    onUserMove: () => change({ followed: null }),
  });

  const loaded = useMemo(() => state.routes.filter(({ track }) => track.length > 0), [state]);
  const [begin, end] = [Math.min(...loaded.map(({ track }) => track.begin)), Math.max(...loaded.map(({ track }) => track.end))];
  const isWhole = span === null;
  const [from, to] = isWhole ? [begin, end] : [span.from, span.to];

  // The routes that the address names, once; then those that are asked for.
  const wanted = JSON.stringify([wish.subjects, wish.from, wish.to, wish.detail]);
  useEffect(() => {
    void past.load(wish);
    return () => past.cancel();
  }, [past, wanted]);
  useEffect(() => {
    replay.setRate(wish.rate);
  }, [replay, wish.rate]);
  useEffect(() => {
    if (Number.isFinite(from)) {
      replay.setSpan(from, to);
    }
  }, [replay, from, to]);
  // The moment of the address is there as soon as its positions are.
  const [waiting, setWaiting] = useState(wish.moment);
  useEffect(() => {
    if (waiting !== null && from <= waiting && waiting <= to) {
      replay.seek(waiting);
      setWaiting(null);
    }
  }, [replay, waiting, from, to]);

  useEffect(() => map?.setRoutes(state.routes, wish.colouring), [map, state, wish.colouring]);
  useEffect(() => map?.setArea(wish.area), [map, wish.area]);
  useEffect(() => map?.hover(hovered), [map, hovered]);
  useEffect(() => map?.follow(wish.followed), [map, wish.followed]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Not with each step of a slider: browsers take an address that changes all the time for an attack.
    const write = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const moment = waiting ?? (replay.moment === replay.begin ? null : replay.moment);
        history.replaceState(null, '', `/history${writeWish({ ...wish, moment })}${shown ?? location.hash}`);
      }, addressAfterMs);
    };
    write();
    const unsubscribe = replay.subscribe(() => replay.isPlaying || write());
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [wish, replay, shown, waiting]);

  // The first look at what was asked for; an address that says where to look is obeyed.
  const fitted = useRef(location.hash === '' ? '' : wanted);
  const isLoading = state.progress !== null;
  useEffect(() => {
    if (map && !isLoading && loaded.length > 0 && fitted.current !== wanted) {
      fitted.current = wanted;
      map.fit(loaded.flatMap(route => cornersOf(route)));
    }
  }, [map, isLoading, loaded, wanted]);

  const look = (route: LoadedRoute, part: { readonly from: number; readonly to: number } | null): void => {
    setCharted(route.key);
    setSpan(part);
    if (part) {
      replay.setSpan(part.from, part.to);
      replay.seek(part.from);
    }
    map?.fit(cornersOf(route, part));
  };
  const chartedRoute = loaded.find(({ key }) => key === charted) ?? loaded[0];

  return (
    <div className="history" data-loading={isLoading} data-positions={state.positions}>
      <aside className="history-panel" aria-label={texts.title}>
        <h1 className="unseen">{texts.title}</h1>
        <Chooser
          api={api} wish={wish} state={state} onCancel={() => past.cancel()}
          onShow={chosen => {
            setSpan(null);
            change({ ...chosen, moment: null, compared: [], followed: null });
          }}
        />
        <RouteList
          routes={state.routes} isLoading={isLoading} wish={wish} onChange={change} onLook={look} isWhole={isWhole}
        />
        <Comparison routes={loaded} compared={wish.compared} onStop={() => change({ compared: [] })} />
        <AreaSearch api={api} wish={wish} map={map} onChange={change} />
        <HeatPanel api={api} wish={wish} map={map} shown={shown} onChange={change} />
        <ExportPanel api={api} wish={wish} />
        <LinkPanel />
      </aside>
      <main className="history-main" aria-label={texts.map}>
        <div className="history-map" ref={container} />
        {chartedRoute && Number.isFinite(from) && (
          <section className="history-dock" aria-label={texts.replay}>
            <ReplayBar replay={replay} rate={wish.rate} onRate={rate => change({ rate })} />
            <ProfileChart
              routes={loaded} route={chartedRoute} positions={chartedRoute.track.length} from={from} to={to} replay={replay}
              hovered={hovered} onHover={setHovered} onRoute={setCharted}
            />
          </section>
        )}
      </main>
    </div>
  );
}

const mostCorners = 200;
const addressAfterMs = 300;

// Places that the whole of it is around.
function cornersOf({ track }: LoadedRoute, part: { readonly from: number; readonly to: number } | null = null) {
  const [first, last] = part ? [Math.max(0, track.indexAt(part.from)), Math.max(0, track.indexAt(part.to))] : [0, track.length - 1];
  const step = Math.max(1, Math.floor((last - first) / mostCorners));
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, k) => track.place(first + k * step));
}
