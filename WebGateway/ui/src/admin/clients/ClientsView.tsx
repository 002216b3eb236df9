import { useCallback, useDeferredValue, useState } from 'react';
import { Dialog } from '../parts/Dialog';
import { Go } from '../parts/Go';
import { LoadNote } from '../parts/LoadNote';
import { ago, count } from '../parts/texts';
import { useAction } from '../parts/useAction';
import { useLoad } from '../parts/useLoad';
import type { ViewProps } from '../views';
import { whoOf, type Client, type ClientPage } from './client';
import { texts } from './texts';

const refreshMs = 5_000;

/** Who is connected, to any node. */
export default function ClientsView({ api }: ViewProps) {
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim());
  const [asked, setAsked] = useState<Client | null>(null);
  const action = useAction();
  const load = useCallback((signal: AbortSignal) => api.call<ClientPage>(
    `/api/clients${search === '' ? '' : `?${new URLSearchParams({ search }).toString()}`}`, { signal }), [api, search]);
  const list = useLoad(load, refreshMs);

  const end = async ({ id }: Client): Promise<void> => {
    if (await action.run(() => api.call(`/api/clients/${encodeURIComponent(id)}`, { method: 'DELETE' }))) {
      setAsked(null);
      list.reload();
    }
  };

  return (
    <main className="page">
      <div className="page-top">
        <div>
          <h1 className="headline">{texts.title}</h1>
          <p className="note">{list.data ? texts.total(list.data.total, list.data.items.length) : texts.all}</p>
        </div>
      </div>
      {list.data && !list.data.ways.includes('mqtt') && <p className="banner is-warn">{texts.noBroker}</p>}
      {list.data && !list.data.isComplete && <p className="banner is-warn">{texts.alone}</p>}
      {list.data?.isComplete && list.data.silent.length > 0 && <p className="banner is-warn">{texts.silent(list.data.silent)}</p>}
      <label className="field">
        {texts.search}
        <input type="search" value={typed} placeholder={texts.searchHint} maxLength={128} onChange={event => setTyped(event.target.value)} />
      </label>
      <LoadNote of={list} isEmpty={list.data?.items.length === 0} empty={texts.empty} />
      {list.data && list.data.items.length > 0 && (
        <ClientTable clients={list.data.items} onEnd={client => { action.clear(); setAsked(client); }} />
      )}
      {asked && (
        <Dialog
          title={texts.endTitle(whoOf(asked) ?? asked.clientId)} yes={texts.end} isBad isBusy={action.isBusy} error={action.error}
          onYes={() => void end(asked)} onClose={() => setAsked(null)}
        >
          <p className="detail">{texts.endDetail}</p>
        </Dialog>
      )}
    </main>
  );
}

function ClientTable({ clients, onEnd }: { readonly clients: readonly Client[]; readonly onEnd: (client: Client) => void }) {
  const now = Date.now();
  return (
    <div className="panel table" role="region" aria-label={texts.title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.who}</th><th scope="col">{texts.client}</th><th scope="col">{texts.from}</th><th scope="col">{texts.node}</th><th scope="col">{texts.since}</th>
            <th scope="col" className="number">{texts.subscriptions}</th><th scope="col" className="number">{texts.queued}</th>
            <th scope="col"><span className="unseen">{texts.end}</span></th>
          </tr>
        </thead>
        <tbody>
          {clients.map(client => (
            <tr key={client.id}>
              <th scope="row">
                {client.deviceId ? <Go view="device" params={{ id: client.deviceId }}>{client.deviceId}</Go> : whoOf(client) ?? client.kind}
                <small>{client.tenant ? `${client.kind}, ${client.tenant}` : client.kind}</small>
              </th>
              <td>{client.clientId}<small>{client.agent}</small></td>
              <td>{client.address}<small>{client.protocol}</small></td>
              <td>{client.node}</td>
              <td>{ago(client.connectedAt, now)}</td>
              <td className="number">{count(client.subscriptions)}</td>
              <td className="number">{count(client.queued)}</td>
              <td><div className="ops-row-actions">
                <button className="button is-bad" type="button" onClick={() => onEnd(client)}>{texts.end}<span className="unseen"> {whoOf(client) ?? client.clientId}</span></button>
              </div></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
