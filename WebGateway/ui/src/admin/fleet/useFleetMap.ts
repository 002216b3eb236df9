import { useEffect, useState, type RefObject } from 'react';
import { FleetMap, type FleetSnapshot } from './fleetMap';

/** A map of the fleet in an element, for as long as the component is mounted. */
export function useFleetMap(
  container: RefObject<HTMLElement | null>, token: string,
): { readonly map: FleetMap | null; readonly snapshot: FleetSnapshot | null } {
  const [map, setMap] = useState<FleetMap | null>(null);
  const [snapshot, setSnapshot] = useState<FleetSnapshot | null>(null);

  useEffect(() => {
    // An element of its own: a mount that is undone must not leave half a map to the next one.
    const element = document.createElement('div');
    element.className = 'fleet-map';
    container.current!.append(element);
    const made = new FleetMap(element, token);
    const unsubscribe = made.subscribe(() => setSnapshot(made.getSnapshot()));
    setMap(made);
    setSnapshot(made.getSnapshot());
    return () => {
      unsubscribe();
      made.close();
      element.remove();
    };
  }, [container, token]);

  return { map, snapshot };
}
