import { useState } from 'react';
import type { Api } from '../api';
import { Copyable } from '../parts/Copyable';
import { Dialog } from '../parts/Dialog';
import { useAction } from '../parts/useAction';
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
  const { isBusy, error, run } = useAction();
  const [isPlaceWrong, setPlaceWrong] = useState(false);
  const [url, setUrl] = useState<string | null>(null);
  // The same form sent twice is one request.
  const [key] = useState(() => crypto.randomUUID());

  const create = (form: FormData): void => {
    const text = (name: string): string | null => (form.get(name) as string).trim() || null;
    const pickup = readPlace(text('pickup') ?? '');
    setPlaceWrong(pickup === null);
    if (pickup !== null) {
      void run(async () => {
        const { trackingUrl, ...request } = await api.call<BoardRequest & { trackingUrl: string }>('/api/requests', {
          method: 'POST', body: { pickup, customerName: text('customerName'), note: text('note') },
          headers: { 'idempotency-key': key },
        });
        onCreated(request);
        setUrl(trackingUrl);
      });
    }
  };

  return url === null ? (
    <Dialog title={texts.newRequest} yes={texts.create} isBusy={isBusy} error={error} onYes={create} onClose={onClose}>
      <label className="field">{texts.pickup}
        <input name="pickup" required autoComplete="off" aria-invalid={isPlaceWrong} />
        <span className={`note ${isPlaceWrong ? 'is-bad' : ''}`} role={isPlaceWrong ? 'alert' : undefined}>
          {isPlaceWrong ? texts.pickupWrong : texts.pickupDetail}
        </span>
      </label>
      <label className="field">{texts.customer}<input name="customerName" maxLength={200} autoComplete="off" /></label>
      <label className="field">{texts.note}<textarea name="note" maxLength={2_000} rows={3} /></label>
    </Dialog>
  ) : (
    <Dialog title={texts.newRequest} onClose={onClose}>
      <p className="detail" role="status">{texts.created}</p>
      <Copyable label={texts.customerLink} text={url} />
    </Dialog>
  );
}
