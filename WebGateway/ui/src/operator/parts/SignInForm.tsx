import { useState, type FormEvent } from 'react';
import { readCredentials, type Credentials } from '../credentials';
import { ApiError, fetchJobs } from '../jobs/api';
import { texts } from '../texts';

/** Asks for device and secret, tries them, and hands them on when the server takes them. */
export function SignInForm({ deviceId, initial, failure, button, onSignedIn }: {
  /** Fixed, for a device that is known and only needs a new secret. */
  readonly deviceId?: string;
  readonly initial?: Credentials | null;
  readonly failure?: string | null;
  readonly button: string;
  readonly onSignedIn: (credentials: Credentials) => Promise<void>;
}) {
  const [id, setId] = useState(deviceId ?? initial?.deviceId ?? '');
  const [secret, setSecret] = useState(initial?.secret ?? '');
  const [error, setError] = useState(failure ?? null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const credentials = readCredentials(id, secret);
    if (credentials === null) {
      setError('incomplete');
      return;
    }
    setBusy(true);
    const refused = await trySignIn(credentials);
    setBusy(false);
    setError(refused);
    if (refused === null) {
      await onSignedIn(credentials);
    }
  };

  return (
    <form className="sign-in" onSubmit={event => void submit(event)}>
      <label className="field">
        {texts.deviceId}
        <input value={id} onChange={event => setId(event.target.value)} name="username" autoComplete="username"
          autoCapitalize="none" autoCorrect="off" spellCheck={false} readOnly={deviceId !== undefined} required />
      </label>
      <label className="field">
        {texts.secret}
        <input value={secret} onChange={event => setSecret(event.target.value)} name="password" type="password"
          autoComplete="current-password" required />
      </label>
      <p className="banner is-bad" role="alert" hidden={error === null}>{error !== null && texts.refusal(error)}</p>
      <button className="button is-main" type="submit" disabled={isBusy}>{isBusy ? texts.signingIn : button}</button>
    </form>
  );
}

/** Null when the server takes it, else why not, as a code. */
export async function trySignIn(credentials: Credentials): Promise<string | null> {
  try {
    await fetchJobs(credentials);
    return null;
  } catch (error) {
    return error instanceof ApiError ? error.code : 'unreachable';
  }
}
