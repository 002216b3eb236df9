import { useEffect, useRef, useState, type RefObject } from 'react';
import { writeView } from '../admin/fleet/viewAddress';
import { HistoryMap, type MapEvents } from './historyMap';
import type { Replay } from './replay';

/** A map of the past in an element, for as long as the component is mounted. */
export function useHistoryMap(
  container: RefObject<HTMLElement | null>, replay: Replay, events: Pick<MapEvents, 'onHover' | 'onPick' | 'onUserMove'>,
): { readonly map: HistoryMap | null; readonly shown: string | null } {
  const [map, setMap] = useState<HistoryMap | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const newest = useRef(events);
  newest.current = events;

  useEffect(() => {
    // An element of its own: a mount that is undone must not leave half a map to the next one.
    const element = document.createElement('div');
    element.className = 'history-layer';
    container.current!.append(element);
    const made = new HistoryMap(element, replay, {
      onReady: () => setMap(made),
      onHover: picked => newest.current.onHover(picked),
      onPick: picked => newest.current.onPick(picked),
      onMoved: view => setShown(writeView(view)),
      onUserMove: () => newest.current.onUserMove(),
    });
    return () => {
      made.close();
      element.remove();
      setMap(null);
    };
  }, [container, replay]);

  return { map, shown };
}
