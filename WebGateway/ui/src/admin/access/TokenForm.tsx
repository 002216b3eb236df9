import { useState, type FormEvent } from 'react';
import type { Api } from '../api';
import { Copyable } from '../parts/Copyable';
import { Dialog } from '../parts/Dialog';
import { time } from '../parts/texts';
import { useAction } from '../parts/useAction';
import { roles, texts, validities } from './texts';

interface Issued {
  readonly token: string;
  readonly role: string;
  readonly expiresAt: string;
}

/** Issues a token and shows it, once. */
export function TokenForm({ api, onIssued }: { readonly api: Api; readonly onIssued: () => void }) {
  const [issued, setIssued] = useState<Issued | null>(null);
  const action = useAction();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const read = (name: string): string => String(given.get(name) ?? '').trim();
    const body = {
      role: read('role'), lifetimeSeconds: Number(read('seconds')), subject: read('subject'),
      ...(read('tenant') !== '' && { tenant: read('tenant') }),
    };
    void action.run(async () => {
      setIssued(await api.call<Issued>('/api/tokens', { method: 'POST', body }));
      onIssued();
    });
  };

  return (
    <>
      <form className="panel" onSubmit={submit} aria-labelledby="new-token">
        <div>
          <h2 className="headline" id="new-token">{texts.token}</h2>
          <p className="detail">{texts.tokenDetail}</p>
        </div>
        {action.error && <p className="banner is-bad" role="alert">{action.error.message}</p>}
        <label className="field">
          {texts.role}
          <select name="role">{Object.entries(roles).map(([role, word]) => <option key={role} value={role}>{word}</option>)}</select>
        </label>
        <label className="field">
          {texts.subject}
          <input name="subject" required maxLength={255} autoComplete="off" />
          <span className="note">{texts.subjectHint}</span>
        </label>
        <label className="field">
          {texts.tenant}
          <input name="tenant" maxLength={64} pattern="[a-z0-9._\-]{1,64}" autoComplete="off" autoCapitalize="none" />
          <span className="note">{texts.tenantHint}</span>
        </label>
        <label className="field">
          {texts.validity}
          <select name="seconds" defaultValue={28_800}>
            {validities.map(({ seconds, word }) => <option key={seconds} value={seconds}>{word}</option>)}
          </select>
        </label>
        <button className="button is-main" type="submit" disabled={action.isBusy}>{texts.issue}</button>
      </form>
      {issued && (
        <Dialog title={texts.issued(issued.role)} onClose={() => setIssued(null)}>
          <p className="detail">{texts.issuedDetail(time(issued.expiresAt))}</p>
          <Copyable label={texts.tokenField} text={issued.token} />
        </Dialog>
      )}
    </>
  );
}
