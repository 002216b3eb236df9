import { ago } from '../fleet/texts';
import { shortOf } from '../parts/texts';
import { draggable, droppable } from './drag';
import { columnOf, type BoardRequest } from './request';
import { texts } from './texts';

interface Props {
  readonly request: BoardRequest;
  readonly now: number;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onDevice: (deviceId: string) => void;
}

/** One request on the board. */
export function RequestCard({ request, now, isSelected, onSelect, onDevice }: Props) {
  const isOver = columnOf(request.status) === 'over';
  const seconds = (now - Date.parse(request.status === 'pending' ? request.createdAt : request.updatedAt)) / 1_000;

  return (
    <li
      className="card" data-request={request.requestId} data-selected={isSelected || undefined}
      {...(isOver ? {} : { ...draggable('request', request.requestId, onSelect), ...droppable('device', onDevice) })}
    >
      <button className="card-button" type="button" aria-pressed={isSelected} onClick={onSelect}>
        <span className="card-name">{request.customerName ?? texts.noName}</span>
        <span className="note">{request.deviceId ?? texts.unassigned}</span>
        {request.note && <span className="note card-note">{request.note}</span>}
        <span className="note">{shortOf(request.requestId)} · {request.status === 'cancelled' ? 'cancelled ' : ''}{ago(seconds)}</span>
        {request.arrivalNoticedAt && request.status === 'en_route' && <span className="pill is-warn">{texts.arrivalNoticed}</span>}
      </button>
    </li>
  );
}
