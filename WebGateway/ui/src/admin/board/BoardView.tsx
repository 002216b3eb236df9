import { useEffect, useState, useSyncExternalStore } from 'react';
import { go } from '../address';
import { ApiError } from '../api';
import { useNow } from '../parts/useNow';
import type { ViewProps } from '../views';
import { Board } from './board';
import { NewRequest } from './NewRequest';
import { columns, type BoardRequest } from './request';
import { RequestCard } from './RequestCard';
import { SelectedRequest } from './SelectedRequest';
import { columnTitles, texts } from './texts';
import './board.css';

/** So many cards of a column are drawn. */
const mostCards = 100;

/** The requests by status, live; who could serve them; assigning. */
export default function BoardView({ api, params }: ViewProps) {
  const [board, setBoard] = useState<Board | null>(null);
  useEffect(() => {
    const made = new Board(api);
    setBoard(made);
    return () => made.close();
  }, [api]);
  return board && <ShownBoard board={board} api={api} params={params} />;
}

function ShownBoard({ board, api, params }: ViewProps & { readonly board: Board }) {
  const { connection, isLoaded, problem, columns: byColumn } = useSyncExternalStore(board.subscribe, board.getSnapshot);
  const [failure, setFailure] = useState<string | null>(null);
  const [isCreating, setCreating] = useState(false);
  const now = useNow();
  const selectedId = params.get('request');
  const selected = selectedId === null ? undefined : board.find(selectedId);
  const select = (requestId: string | null): void => go('requests', requestId === null ? {} : { request: requestId });

  const change = async (request: BoardRequest, method: 'POST' | 'PUT', path: string, body: object): Promise<void> => {
    try {
      board.take(await api.call<BoardRequest>(`/api/requests/${request.requestId}/${path}`, {
        method, body, headers: { 'if-match': `"${request.version}"` },
      }));
      setFailure(null);
    } catch (error) {
      setFailure(error instanceof ApiError && error.status === 412 ? texts.meanwhile : (error as Error).message);
      void board.read();
    }
  };
  const assign = (requestId: string, deviceId: string): void => {
    const request = board.find(requestId);
    if (request && request.deviceId !== deviceId) {
      void change(request, 'POST', 'assign', { deviceId });
    }
  };

  return (
    <main className="board" data-connection={connection} data-loaded={isLoaded || undefined}>
      <div className="page-top">
        <h1 className="headline">{texts.title}</h1>
        <div className="page-actions">
          <p className={`pill ${connection === 'live' ? 'is-good' : 'is-warn'}`} role="status">
            <span className="pill-dot" />{texts[connection]}
          </p>
          <button className="button is-main" type="button" onClick={() => setCreating(true)}>{texts.newRequest}</button>
        </div>
      </div>
      {(failure ?? problem) !== null && <p className="banner is-bad" role="alert">{failure ?? problem}</p>}
      <div className="board-body">
        <div className="board-columns">
          {columns.map(column => (
            <section key={column} className="board-column" data-column={column} aria-label={columnTitles[column]}>
              <h2>{columnTitles[column]} <span className="note">{byColumn[column].length}</span></h2>
              <ul>
                {byColumn[column].slice(0, mostCards).map(request => (
                  <RequestCard
                    key={request.requestId} request={request} now={now} isSelected={request.requestId === selectedId}
                    onSelect={() => select(request.requestId)} onDevice={deviceId => assign(request.requestId, deviceId)}
                  />
                ))}
              </ul>
              {byColumn[column].length === 0 && isLoaded && <p className="note">{texts.empty}</p>}
              {byColumn[column].length > mostCards && <p className="note">{texts.more(byColumn[column].length - mostCards)}</p>}
            </section>
          ))}
        </div>
        {selected ? (
          <SelectedRequest
            key={selected.requestId} api={api} request={selected} now={now} onAssign={assign}
            onChange={(...given) => void change(...given)} onClose={() => select(null)}
          />
        ) : <p className="note board-hint">{texts.hint}</p>}
      </div>
      {isCreating && (
        <NewRequest
          api={api}
          onCreated={request => {
            board.take(request);
            select(request.requestId);
          }}
          onClose={() => setCreating(false)}
        />
      )}
    </main>
  );
}
