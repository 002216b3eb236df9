import { SignIn } from '../admin/SignIn';
import { useSignIn } from '../admin/useSignIn';
import { HistoryPage } from './HistoryPage';
import { texts } from './texts';

/** The analysts' page: a token first, then the past. */
export function App() {
  const { api, isDenied, signIn, signOut } = useSignIn();
  if (api === null) {
    return <SignIn isDenied={isDenied} onToken={signIn} />;
  }
  return (
    <div className="shell">
      <nav className="shell-nav" aria-label={texts.pages}>
        <span className="shell-name">{texts.title}</span>
        <ul>
          <li><a href="/admin">{texts.dispatch}</a></li>
          <li><a href="/history" aria-current="page">{texts.title}</a></li>
        </ul>
        <button className="button" type="button" onClick={signOut}>{texts.signOut}</button>
      </nav>
      <HistoryPage api={api} />
    </div>
  );
}
