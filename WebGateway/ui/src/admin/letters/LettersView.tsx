import { useCallback, useState } from 'react';
import { go } from '../address';
import { Dialog } from '../parts/Dialog';
import { LoadNote } from '../parts/LoadNote';
import { count, texts as shared } from '../parts/texts';
import { useAction } from '../parts/useAction';
import { useLoad } from '../parts/useLoad';
import type { ViewProps } from '../views';
import './letters.css';
import { LetterContent } from './LetterContent';
import { LetterTable } from './LetterTable';
import { queryOf, type Discarded, type Filter, type Letter, type LetterPage, type Retried } from './letter';
import { texts } from './texts';

type Asked = { readonly what: 'show' | 'discard'; readonly letter: Letter } | { readonly what: 'retryAll' | 'discardAll' };

const refreshMs = 15_000;

/** What could not become a position, and what to do with it. */
export default function LettersView({ api, params }: ViewProps) {
  const filter: Filter = { code: params.get('code') ?? '', device: params.get('device') ?? '' };
  const before = params.get('before');
  const query = queryOf(filter, before === null ? {} : { before });
  const load = useCallback((signal: AbortSignal) => api.call<LetterPage>(`/api/dead-letters${query}`, { signal }), [api, query]);
  const list = useLoad(load, refreshMs);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [done, setDone] = useState('');
  const action = useAction();

  const show = (changed: Partial<Filter> & { before?: string }): void => {
    const { code, device, before: from } = { ...filter, ...changed };
    go('letters', { ...(code !== '' && { code }), ...(device !== '' && { device }), ...(from !== undefined && { before: from }) });
  };
  const run = async (work: () => Promise<string>): Promise<void> => {
    setDone('');
    if (await action.run(async () => setDone(await work()))) {
      setAsked(null);
    }
    list.reload();
  };
  const retry = (path: string): Promise<void> => run(async () => texts.retried(await api.call<Retried>(path, { method: 'POST' })));
  const ask = (next: Asked): void => {
    action.clear();
    setAsked(next);
  };
  const close = (): void => setAsked(null);
  const dialog = { isBusy: action.isBusy, error: action.error, onClose: close };
  const items = list.data?.items ?? [];
  const codes = list.data?.codes ?? [];

  return (
    <main className="page">
      <div className="page-top">
        <div>
          <h1 className="headline">{texts.title}</h1>
          <p className="detail">{texts.detail}</p>
        </div>
        <div className="page-actions">
          <button className="button" type="button" disabled={items.length === 0} onClick={() => ask({ what: 'retryAll' })}>{texts.retryAll}</button>
          <button className="button is-bad" type="button" disabled={items.length === 0} onClick={() => ask({ what: 'discardAll' })}>{texts.discardAll}</button>
        </div>
      </div>
      <div className="letters-filter">
        <label className="field">
          {texts.reason}
          <select value={filter.code} onChange={event => show({ code: event.target.value })}>
            <option value="">{texts.anyReason}</option>
            {filter.code !== '' && !codes.some(({ code }) => code === filter.code) && <option>{filter.code}</option>}
            {codes.map(one => <option key={one.code} value={one.code}>{`${one.code} (${count(one.count)})`}</option>)}
          </select>
        </label>
        <form onSubmit={event => {
          event.preventDefault();
          show({ device: String(new FormData(event.currentTarget).get('device') ?? '').trim() });
        }}>
          <label className="field">
            {texts.device}
            <input key={filter.device} name="device" type="search" defaultValue={filter.device} placeholder={texts.deviceHint} maxLength={64} />
          </label>
        </form>
      </div>
      <p className={done === '' ? 'unseen' : 'banner'} role="status">{done}</p>
      {action.error && asked === null && <p className="banner is-bad" role="alert">{action.error.message}</p>}
      <LoadNote of={list} isEmpty={items.length === 0} empty={texts.empty} />
      {items.length > 0 && (
        <LetterTable
          letters={items} isBusy={action.isBusy} onShow={letter => ask({ what: 'show', letter })}
          onRetry={letter => void retry(`/api/dead-letters/${letter.id}/retry`)} onDiscard={letter => ask({ what: 'discard', letter })}
        />
      )}
      {list.data && list.data.next !== null && (
        <div><button className="button" type="button" onClick={() => show({ before: `${list.data?.next ?? ''}` })}>{shared.more}</button></div>
      )}
      {asked?.what === 'show' && <LetterContent api={api} letter={asked.letter} onClose={close} />}
      {asked?.what === 'discard' && (
        <Dialog {...dialog} title={texts.discardTitle} yes={texts.discard} isBad onYes={() => void run(async () => {
          await api.call(`/api/dead-letters/${asked.letter.id}`, { method: 'DELETE' });
          return texts.discarded({ removed: 1, hasMore: false });
        })}>
          <p className="detail">{texts.discardDetail}</p>
        </Dialog>
      )}
      {asked?.what === 'retryAll' && (
        <Dialog {...dialog} title={texts.retryAllTitle} yes={texts.retryAll} onYes={() => void retry(`/api/dead-letters/retry${queryOf(filter)}`)}>
          <p className="detail">{texts.which(filter.code, filter.device)}</p>
        </Dialog>
      )}
      {asked?.what === 'discardAll' && (
        <Dialog {...dialog} title={texts.discardAllTitle} yes={texts.discardAll} isBad onYes={() => void run(
          async () => texts.discarded(await api.call<Discarded>(`/api/dead-letters${queryOf(filter)}`, { method: 'DELETE' })))}>
          <p className="detail">{texts.which(filter.code, filter.device)} {texts.discardDetail}</p>
        </Dialog>
      )}
    </main>
  );
}
