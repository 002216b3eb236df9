import { useEffect, useRef } from 'react';
import { SelectedVehicle } from './SelectedVehicle';
import { useFleetMap } from './useFleetMap';
import { vehicleStates } from './vehicleState';
import { connections, states, texts } from './texts';
import type { ViewProps } from '../views';

/** The whole fleet on one map, and what is in view. */
export default function FleetView({ api }: ViewProps) {
  const container = useRef<HTMLDivElement>(null);
  const { map, snapshot } = useFleetMap(container, api.token);
  const isDenied = snapshot?.connection === 'denied';
  useEffect(() => {
    if (isDenied) {
      api.deny();
    }
  }, [isDenied, api]);

  const connection = snapshot?.connection ?? 'connecting';
  const counts = vehicleStates.map(state => ({ state, count: snapshot?.counts[state] ?? 0 }));
  const total = counts.reduce((sum, { count }) => sum + count, 0);

  return (
    <div className="fleet" data-connection={connection} data-vehicles={total}>
      <main ref={container} aria-label={texts.map} />
      <section className="fleet-panel sheet" aria-label={texts.title}>
        <div className="fleet-top">
          <h1 className="headline">{texts.title}</h1>
          <p className={`pill ${connection === 'live' ? 'is-good' : 'is-warn'}`} role="status">
            <span className="pill-dot" />{connections[connection]}
          </p>
        </div>
        <p className="note">{texts.inView(total)}</p>
        <dl className="fleet-counts">
          {counts.map(({ state, count }) => (
            <div key={state} data-state={state}><dt>{states[state]}</dt><dd>{count.toLocaleString('en')}</dd></div>
          ))}
        </dl>
        {map && snapshot && !snapshot.selected && snapshot.few.length > 0 && (
          <ul className="fleet-few" aria-label={texts.few}>
            {snapshot.few.map(({ key, deviceId }) => (
              <li key={key}><button className="button" type="button" onClick={() => map.select(key)}>{deviceId}</button></li>
            ))}
          </ul>
        )}
        {map && snapshot?.selected && (
          <SelectedVehicle
            selected={snapshot.selected} isFollowing={snapshot.isFollowing}
            onFollow={isFollowing => map.follow(isFollowing)} onClose={() => map.select(null)}
          />
        )}
      </section>
    </div>
  );
}
