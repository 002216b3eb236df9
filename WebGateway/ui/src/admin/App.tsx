import { useMemo, useState } from 'react';
import { Api } from './api';
import { Shell } from './Shell';
import { SignIn } from './SignIn';

// Of this tab only: whoever closes it is signed out.
const storageKey = 'artmqtt.token';

/** The dispatchers' page: a token first, then its views. */
export function App() {
  const [token, setToken] = useState(() => sessionStorage.getItem(storageKey));
  const [isDenied, setDenied] = useState(false);

  const signIn = (given: string): void => {
    sessionStorage.setItem(storageKey, given);
    setDenied(false);
    setToken(given);
  };
  const signOut = (denied: boolean): void => {
    sessionStorage.removeItem(storageKey);
    setDenied(denied);
    setToken(null);
  };
  const api = useMemo(() => token === null ? null : new Api(token, () => signOut(true)), [token]);

  return api === null
    ? <SignIn isDenied={isDenied} onToken={signIn} />
    : <Shell api={api} onSignOut={() => signOut(false)} />;
}
