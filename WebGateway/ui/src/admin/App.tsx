import { Shell } from './Shell';
import { SignIn } from './SignIn';
import { useSignIn } from './useSignIn';

/** The dispatchers' page: a token first, then its views. */
export function App() {
  const { api, isDenied, signIn, signOut } = useSignIn();
  return api === null
    ? <SignIn isDenied={isDenied} onToken={signIn} />
    : <Shell api={api} onSignOut={signOut} />;
}
