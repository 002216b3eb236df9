import type { FleetSnapshot } from './fleetMap';
import { stateOf } from './vehicleState';
import { addressOf } from '../address';
import { historyAddress } from '../historyAddress';
import { shortOf } from '../parts/texts';
import { ago, states, texts } from './texts';

const day = 86_400_000;

interface Props {
  readonly selected: NonNullable<FleetSnapshot['selected']>;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
  readonly onClose: () => void;
}

/** What is known of the vehicle that was clicked. */
export function SelectedVehicle({ selected: { vehicle: { now }, info }, isFollowing, onFollow, onClose }: Props) {
  const values: readonly (readonly [string, string])[] = [
    [texts.status, states[stateOf(now, Date.now())]],
    [texts.speed, now.speed === null ? texts.unknown : `${Math.round(now.speed * 3.6)} km/h`],
    [texts.battery, now.battery === null ? texts.unknown : `${now.battery} %`],
    [texts.seen, ago((Date.now() - now.timestamp) / 1_000)],
    [texts.place, `${now.lat.toFixed(5)}, ${now.lng.toFixed(5)}`],
    [texts.request, info?.requestId ? shortOf(info.requestId) : texts.unknown],
  ];

  return (
    <section className="fleet-selected" aria-live="off">
      <h2>{info?.deviceId ?? texts.unknown}</h2>
      <dl className="values">
        {values.map(([name, value]) => <div key={name} className="value"><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
      <div className="fleet-actions">
        <button className="button is-main" type="button" aria-pressed={isFollowing} onClick={() => onFollow(!isFollowing)}>
          {isFollowing ? texts.unfollow : texts.follow}
        </button>
        {info && (
          <>
            <a className="button" href={addressOf('device', { id: info.deviceId })}>{texts.device}</a>
            <a className="button" href={historyAddress('device', info.deviceId, now.timestamp - day, now.timestamp)}>{texts.history}</a>
            {info.requestId && <a className="button" href={addressOf('requests', { request: info.requestId })}>{texts.request}</a>}
          </>
        )}
        <button className="button" type="button" onClick={onClose}>{texts.close}</button>
      </div>
    </section>
  );
}
