import { useState, type FormEvent } from 'react';
import { texts } from './texts';

/** Asks for a token. */
export function SignIn({ isDenied, onToken }: { readonly isDenied: boolean; readonly onToken: (token: string) => void }) {
  const [token, setToken] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (token.trim() !== '') {
      onToken(token.trim());
    }
  };

  return (
    <main className="sign-in">
      <form className="panel" onSubmit={submit}>
        <div>
          <h1 className="headline">{texts.title}</h1>
          <p className="detail">{texts.signInDetail}</p>
        </div>
        {isDenied && <p className="banner is-bad" role="alert">{texts.denied}</p>}
        <label className="field">
          {texts.token}
          <input
            type="password" name="token" autoComplete="off" autoFocus required value={token}
            onChange={event => setToken(event.target.value)}
          />
        </label>
        <button className="button is-main" type="submit">{texts.signIn}</button>
      </form>
    </main>
  );
}
