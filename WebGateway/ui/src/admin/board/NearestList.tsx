import { useState, type FormEvent } from 'react';
import type { Api } from '../api';
import { ago } from '../fleet/texts';
import { draggable, droppable } from './drag';
import type { BoardRequest } from './request';
import { minutes, texts } from './texts';
import { useNearest } from './useNearest';

interface Props {
  readonly api: Api;
  readonly request: BoardRequest;
  readonly now: number;
  readonly onAssign: (requestId: string, deviceId: string) => void;
}

/** Who could serve a request, the fastest first. */
export function NearestList({ api, request, now, onAssign }: Props) {
  const [isBusyToo, setBusyToo] = useState(false);
  const { vehicles, problem } = useNearest(api, request.requestId, isBusyToo);
  const assignOther = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const deviceId = new FormData(event.currentTarget).get('deviceId');
    if (typeof deviceId === 'string' && deviceId.trim() !== '') {
      onAssign(request.requestId, deviceId.trim());
    }
  };

  return (
    <section className="nearest" aria-label={texts.nearest}>
      <h3>{texts.nearest}</h3>
      {problem !== null && <p className="banner is-bad" role="alert">{problem}</p>}
      {vehicles === null && problem === null && <p className="note" role="status">{texts.looking}</p>}
      {vehicles?.length === 0 && <p className="note">{texts.nobody}</p>}
      <ol>
        {vehicles?.map(vehicle => (
          <li
            key={vehicle.deviceId} className="nearest-vehicle" data-device={vehicle.deviceId}
            {...draggable('device', vehicle.deviceId)} {...droppable('request', id => onAssign(id, vehicle.deviceId))}
          >
            <span className="nearest-name">{vehicle.name ?? vehicle.deviceId}</span>
            <span className="nearest-eta">{minutes(vehicle.etaSeconds)}</span>
            <span className="note">
              {minutes(vehicle.low)} to {minutes(vehicle.high)} · {(vehicle.distanceMeters / 1_000).toFixed(1)} km · {
                ago((now - Date.parse(vehicle.fixTime)) / 1_000)}{vehicle.requestId ? ` · ${texts.isBusy}` : ''}
            </span>
            {request.deviceId === vehicle.deviceId
              ? <span className="pill is-good">{texts.assigned}</span>
              : (
                <button className="button" type="button" onClick={() => onAssign(request.requestId, vehicle.deviceId)}>
                  {request.deviceId === null ? texts.assign : texts.reassign}
                </button>
              )}
          </li>
        ))}
      </ol>
      <label className="switch">
        <span>{texts.busy}</span>
        <input type="checkbox" role="switch" checked={isBusyToo} onChange={event => setBusyToo(event.target.checked)} />
      </label>
      <form className="nearest-other" onSubmit={assignOther}>
        <label className="field">{texts.otherVehicle}<input name="deviceId" autoComplete="off" spellCheck={false} /></label>
        <button className="button" type="submit">{texts.assign}</button>
      </form>
    </section>
  );
}
