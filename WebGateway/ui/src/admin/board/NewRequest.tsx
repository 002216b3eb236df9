import { useState, type FormEvent } from 'react';
import type { Api } from '../api';
import { Dialog } from '../Dialog';
import { CopyLink } from './CopyLink';
import { readPlace } from './place';
import type { BoardRequest } from './request';
import { texts } from './texts';

interface Props {
  readonly api: Api;
  readonly onCreated: (request: BoardRequest) => void;
  readonly onClose: () => void;
}

/** Makes a request, and shows the customer's link. */
export function NewRequest({ api, onCreated, onClose }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  // The same form sent twice is one request.
  const [key] = useState(() => crypto.randomUUID());

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string | null => (form.get(name) as string).trim() || null;
    const pickup = readPlace(text('pickup') ?? '');
    if (pickup === null) {
      setProblem(texts.pickupWrong);
      return;
    }
    setSending(true);
    try {
      const { trackingUrl, ...request } = await api.call<BoardRequest & { trackingUrl: string }>('/api/requests', {
        method: 'POST', body: { pickup, customerName: text('customerName'), note: text('note') },
        headers: { 'idempotency-key': key },
      });
      onCreated(request);
      setUrl(trackingUrl);
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setSending(false);
    }
  };

  return (
    <Dialog title={texts.newRequest} onClose={onClose}>
      {url === null ? (
        <form onSubmit={event => void submit(event)}>
          {problem !== null && <p className="banner is-bad" role="alert">{problem}</p>}
          <label className="field">{texts.pickup}<input name="pickup" required autoComplete="off" inputMode="text" />
            <span className="note">{texts.pickupDetail}</span>
          </label>
          <label className="field">{texts.customer}<input name="customerName" maxLength={200} autoComplete="off" /></label>
          <label className="field">{texts.note}<textarea name="note" maxLength={2_000} rows={3} /></label>
          <div className="dialog-actions">
            <button className="button" type="button" onClick={onClose}>{texts.close}</button>
            <button className="button is-main" type="submit" disabled={isSending}>{texts.create}</button>
          </div>
        </form>
      ) : (
        <>
          <p className="detail" role="status">{texts.created}</p>
          <CopyLink url={url} />
          <div className="dialog-actions">
            <button className="button is-main" type="button" autoFocus onClick={onClose}>{texts.done}</button>
          </div>
        </>
      )}
    </Dialog>
  );
}
