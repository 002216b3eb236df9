import { useMemo, useState } from 'react';
import { Api } from './api';

// Of this tab only: whoever closes it is signed out.
const storageKey = 'artmqtt.token';

/** Who is signed in, on all pages for people of the firm. */
export function useSignIn(): {
  readonly api: Api | null; readonly isDenied: boolean; readonly signIn: (token: string) => void; readonly signOut: () => void;
} {
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
  return { api, isDenied, signIn, signOut: () => signOut(false) };
}
