import { useState } from 'react';
import type { Api } from '../api';
import { Copyable } from '../parts/Copyable';
import { Dialog } from '../parts/Dialog';
import { useAction } from '../parts/useAction';
import { certificateBody } from './certificate';
import { texts } from './texts';

/** What GET /api/devices/{deviceId} tells. */
export interface Registration {
  readonly deviceId: string;
  readonly isEnabled: boolean;
  readonly createdAt: string;
  readonly secretChangedAt: string;
  readonly previousSecretUntil: string | null;
  readonly certificateSha256: string | null;
}

type Asked = 'disable' | 'rotate' | 'pin' | 'unpin' | 'remove';

interface Props {
  readonly api: Api;
  readonly device: Registration;
  readonly onChange: () => void;
  readonly onRemove: () => void;
}

/** Shuts a device out and lets it in, gives it secrets and certificates, removes it. */
export function DeviceActions({ api, device, onChange, onRemove }: Props) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [overlap, setOverlap] = useState('86400');
  const [certificate, setCertificate] = useState('');
  const action = useAction();
  const path = `/api/devices/${encodeURIComponent(device.deviceId)}`;
  const id = device.deviceId;

  const ask = (what: Asked): void => {
    action.clear();
    setAsked(what);
  };
  const close = (): void => setAsked(null);
  const run = async (work: () => Promise<unknown>, then: () => void = onChange): Promise<void> => {
    if (await action.run(work)) {
      close();
      then();
    }
  };
  const rotate = (): Promise<void> => run(async () => {
    const made = await api.call<{ secret: string }>(`${path}/secret`, { method: 'POST', body: { overlapSeconds: Number(overlap) } });
    setSecret(made.secret);
  });
  const shared = { isBusy: action.isBusy, error: action.error, onClose: close };

  return (
    <section className="panel device-actions" aria-label={texts.actions}>
      <div className="page-actions">
        {device.isEnabled
          ? <button className="button is-bad" type="button" onClick={() => ask('disable')}>{texts.disable}</button>
          : <button className="button is-main" type="button" disabled={action.isBusy} onClick={() => void run(() => api.call(`${path}/enable`, { method: 'POST' }))}>{texts.enable}</button>}
        <button className="button" type="button" onClick={() => ask('rotate')}>{texts.rotate}</button>
        <button className="button" type="button" onClick={() => ask('pin')}>{texts.pin}</button>
        {device.certificateSha256 && <button className="button" type="button" onClick={() => ask('unpin')}>{texts.unpin}</button>}
        <button className="button is-bad" type="button" onClick={() => ask('remove')}>{texts.remove}</button>
      </div>
      {action.error && asked === null && <p className="banner is-bad" role="alert">{action.error.message}</p>}
      {asked === 'disable' && (
        <Dialog {...shared} title={texts.disableTitle(id)} yes={texts.disable} isBad onYes={() => void run(() => api.call(`${path}/disable`, { method: 'POST' }))}>
          <p className="detail">{texts.disableDetail}</p>
        </Dialog>
      )}
      {asked === 'rotate' && (
        <Dialog {...shared} title={texts.rotateTitle(id)} yes={texts.rotate} onYes={() => void rotate()}>
          <p className="detail">{texts.rotateDetail}</p>
          <label className="field">
            {texts.overlap}
            <select value={overlap} onChange={event => setOverlap(event.target.value)}>
              {Object.entries(texts.overlaps).reverse().map(([value, word]) => <option key={value} value={value}>{word}</option>)}
            </select>
          </label>
        </Dialog>
      )}
      {secret !== null && (
        <Dialog title={texts.secretTitle} onClose={() => setSecret(null)}>
          <p className="detail">{texts.secretDetail}</p>
          <Copyable label={texts.secret} text={secret} />
        </Dialog>
      )}
      {asked === 'pin' && (
        <Dialog {...shared} title={texts.pin} yes={texts.pin} onYes={() => void run(() => api.call(`${path}/certificate`, { method: 'PUT', body: certificateBody(certificate) }))}>
          <p className="detail">{texts.pinDetail}</p>
          <label className="field">
            {texts.pinField}
            <textarea rows={4} required value={certificate} onChange={event => setCertificate(event.target.value)} />
          </label>
        </Dialog>
      )}
      {asked === 'unpin' && (
        <Dialog {...shared} title={texts.unpinTitle(id)} yes={texts.unpin} isBad onYes={() => void run(() => api.call(`${path}/certificate`, { method: 'DELETE' }))}>
          <p className="detail">{texts.unpinDetail}</p>
        </Dialog>
      )}
      {asked === 'remove' && (
        <Dialog {...shared} title={texts.removeTitle(id)} yes={texts.remove} isBad onYes={() => void run(() => api.call(path, { method: 'DELETE' }), onRemove)}>
          <p className="detail">{texts.removeDetail}</p>
        </Dialog>
      )}
    </section>
  );
}
