import { useState } from 'react';
import { addressOf } from '../address';
import type { Api } from '../api';
import { Copyable } from '../parts/Copyable';
import { Dialog } from '../parts/Dialog';
import { ago } from '../fleet/texts';
import { writeView } from '../fleet/viewAddress';
import { historyAddress } from '../historyAddress';
import { NearestList } from './NearestList';
import { columnOf, nextOf, type BoardRequest } from './request';
import { texts } from './texts';

interface Props {
  readonly api: Api;
  readonly request: BoardRequest;
  readonly now: number;
  readonly onAssign: (requestId: string, deviceId: string) => void;
  /** A call on the request: its path behind the id. */
  readonly onChange: (request: BoardRequest, method: 'POST' | 'PUT', path: string, body: object) => void;
  readonly onClose: () => void;
}

/** What is known of a request, and what can be done about it. */
export function SelectedRequest({ api, request, now, onAssign, onChange, onClose }: Props) {
  const [url, setUrl] = useState<string | null>(null);
  const [linkProblem, setLinkProblem] = useState<string | null>(null);
  const [isCancelling, setCancelling] = useState(false);
  const isOver = columnOf(request.status) === 'over';
  const next = nextOf(request.status);
  const nearest = <NearestList api={api} request={request} now={now} onAssign={onAssign} />;
  const since = (text: string): string => ago((now - Date.parse(text)) / 1_000);
  const makeLink = async (): Promise<void> => {
    try {
      const path = `/api/requests/${request.requestId}/shares`;
      setUrl((await api.call<{ url: string }>(path, { method: 'POST', body: { role: 'customer' } })).url);
      setLinkProblem(null);
    } catch (error) {
      setLinkProblem((error as Error).message);
    }
  };

  return (
    <aside className="board-selected" aria-label={request.customerName ?? texts.noName}>
      <div className="page-top">
        <h2 className="headline">{request.customerName ?? texts.noName}</h2>
        <button className="button" type="button" onClick={onClose}>{texts.close}</button>
      </div>
      <dl className="values">
        <dt>{texts.device}</dt>
        <dd>{request.deviceId === null ? texts.unassigned
          : <a href={addressOf('device', { id: request.deviceId })}>{request.deviceId}</a>}</dd>
        <dt>{texts.since}</dt><dd>{since(request.createdAt)}</dd>
        <dt>{texts.changed}</dt><dd>{since(request.updatedAt)}</dd>
        <dt>{texts.pickup}</dt>
        <dd><a href={`/admin${writeView({ ...request.pickup, zoom: 15 })}`}>
          {request.pickup.lat.toFixed(5)}, {request.pickup.lng.toFixed(5)}</a></dd>
        <dt>{texts.route}</dt>
        <dd><a href={historyAddress('request', request.requestId, Date.parse(request.createdAt), isOver ? Date.parse(request.updatedAt) : now)}>
          {texts.inHistory}</a></dd>
        <dt>{texts.log}</dt><dd><a href={addressOf('events', { requestId: request.requestId })}>{texts.inLog}</a></dd>
      </dl>
      {!isOver && (
        <>
          {request.status === 'pending' && nearest}
          <div className="page-actions">
            {next !== null && (
              <button className="button is-main" type="button" onClick={() => onChange(request, 'POST', 'status', { status: next })}>
                {texts.moveOn[next]}
              </button>
            )}
            <button className="button" type="button" onClick={() => void makeLink()}>{texts.link}</button>
            <button className="button is-bad" type="button" onClick={() => setCancelling(true)}>{texts.cancel}</button>
          </div>
          {linkProblem !== null && <p className="banner is-bad" role="alert">{linkProblem}</p>}
          {url !== null && <><p className="note">{texts.linkDetail}</p><Copyable label={texts.customerLink} text={url} /></>}
          <form
            className="board-note"
            onSubmit={event => {
              event.preventDefault();
              const note = (new FormData(event.currentTarget).get('note') as string).trim();
              onChange(request, 'PUT', 'note', { note: note === '' ? null : note });
            }}
          >
            <label className="field">{texts.note}
              <textarea key={request.version} name="note" rows={2} maxLength={2_000} defaultValue={request.note ?? ''} />
            </label>
            <button className="button" type="submit">{texts.saveNote}</button>
          </form>
          {request.status !== 'pending' && nearest}
        </>
      )}
      {isCancelling && (
        <Dialog
          title={texts.cancel} yes={texts.cancel} no={texts.keep} isBad onClose={() => setCancelling(false)}
          onYes={() => {
            setCancelling(false);
            onChange(request, 'POST', 'status', { status: 'cancelled' });
          }}
        >
          <p className="detail">{texts.cancelSure}</p>
        </Dialog>
      )}
    </aside>
  );
}
