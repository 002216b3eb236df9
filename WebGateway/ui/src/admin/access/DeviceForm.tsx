import { useState, type FormEvent } from 'react';
import type { Api } from '../api';
import { Copyable } from '../parts/Copyable';
import { Dialog } from '../parts/Dialog';
import { Go } from '../parts/Go';
import { useAction } from '../parts/useAction';
import { agentSettings } from './agentSettings';
import { texts } from './texts';

interface Made {
  readonly deviceId: string;
  readonly secret: string;
}

/** Adds a device and shows its secret, once. */
export function DeviceForm({ api }: { readonly api: Api }) {
  const [made, setMade] = useState<Made | null>(null);
  const action = useAction();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    const name = String(given.get('name') ?? '').trim();
    const body = { deviceId: String(given.get('deviceId') ?? '').trim(), ...(name !== '' && { name }) };
    void action.run(async () => {
      setMade(await api.call<Made>('/api/devices', { method: 'POST', body }));
      form.reset();
    });
  };

  return (
    <>
      <form className="panel" onSubmit={submit} aria-labelledby="new-device">
        <div>
          <h2 className="headline" id="new-device">{texts.device}</h2>
          <p className="detail">{texts.deviceDetail}</p>
        </div>
        {action.error && <p className="banner is-bad" role="alert">{action.error.message}</p>}
        <label className="field">
          {texts.deviceId}
          <input name="deviceId" required maxLength={64} pattern="[a-z0-9._\-]{1,64}" autoComplete="off" autoCapitalize="none" spellCheck={false} title={texts.deviceIdHint} />
          <span className="note">{texts.deviceIdHint}</span>
        </label>
        <label className="field">
          {texts.name}
          <input name="name" maxLength={200} autoComplete="off" />
          <span className="note">{texts.nameHint}</span>
        </label>
        <button className="button is-main" type="submit" disabled={action.isBusy}>{texts.create}</button>
      </form>
      {made && (
        <Dialog title={texts.created(made.deviceId)} onClose={() => setMade(null)}>
          <p className="detail">{texts.createdDetail}</p>
          <Copyable label={texts.secret} text={made.secret} />
          <Copyable label={texts.settings} text={agentSettings(location.hostname, made.deviceId, made.secret)} />
          <p><Go view="device" params={{ id: made.deviceId }}>{texts.open}</Go></p>
        </Dialog>
      )}
    </>
  );
}
