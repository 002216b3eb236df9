import { useState } from 'react';
import { FleetPage } from './FleetPage';
import { SignIn } from './SignIn';

// Of this tab only: whoever closes it is signed out.
const storageKey = 'artmqtt.token';

/** The dispatchers' page: a token first, then the fleet. */
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

  return token === null
    ? <SignIn isDenied={isDenied} onToken={signIn} />
    : <FleetPage token={token} onSignOut={() => signOut(false)} onDenied={() => signOut(true)} />;
}
