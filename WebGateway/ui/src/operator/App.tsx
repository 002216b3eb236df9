import { useEffect, useState } from 'react';
import { readSignInLink, type Credentials } from './credentials';
import { SignedIn } from './parts/SignedIn';
import { SignInForm, trySignIn } from './parts/SignInForm';
import { useNewVersion } from './parts/useNewVersion';
import { Session } from './session';
import { erase, openDatabase, readSetting, writeSetting, type Database } from './storage/database';
import { texts } from './texts';

type View =
  | { readonly kind: 'loading' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'out'; readonly db: Database; readonly link: Credentials | null; readonly failure: string | null }
  | { readonly kind: 'in'; readonly session: Session; readonly notice: string | null };

/** The page from the first look at the link to the sign-out. */
export function App({ link }: { readonly link: Credentials | null }) {
  const [view, setView] = useState<View>({ kind: 'loading' });
  const applyNewVersion = useNewVersion();
  useEffect(() => void begin(link, setView).catch(() => setView({ kind: 'broken' })), [link]);
  return (
    <>
      <header className="top">
        <img src="/icon.svg" alt="" width="32" height="32" />
        <h1>{texts.product}</h1>
      </header>
      {applyNewVersion !== null && (
        <div className="banner" id="new-version">
          <span>{texts.newVersion}</span>
          <button className="button" type="button" onClick={applyNewVersion}>{texts.reload}</button>
        </div>
      )}
      <main>{show(view, setView)}</main>
    </>
  );
}

function show(view: View, setView: (view: View) => void) {
  switch (view.kind) {
    case 'loading':
      return <p className="detail" role="status">{texts.loading}</p>;
    case 'broken':
      return <p className="banner is-bad" role="alert">{texts.noStorage}</p>;
    case 'out':
      return (
        <section className="panel sign-in-panel">
          <h2 className="headline">{texts.signInTitle}</h2>
          <p className="detail">{texts.signInDetail}</p>
          <SignInForm initial={view.link} failure={view.failure} button={texts.signIn}
            onSignedIn={credentials => enter(view.db, credentials, setView)} />
        </section>
      );
    case 'in':
      return <SignedIn session={view.session} notice={view.notice} />;
  }
}

async function begin(link: Credentials | null, setView: (view: View) => void): Promise<void> {
  const db = await openDatabase();
  const stored = await readSetting(db, 'credentials');
  const isOther = stored !== undefined && link !== null && link.deviceId !== stored.deviceId;
  const failure = link === null || isOther ? null : await trySignIn(link);
  if (link !== null && !isOther && failure === null && stored === undefined) {
    await enter(db, link, setView);
  } else if (stored === undefined) {
    setView({ kind: 'out', db, link, failure });
  } else {
    const session = await open(db, stored, setView);
    if (link !== null && !isOther && failure === null && link.secret !== stored.secret) {
      await session.signIn(link);
    }
    setView({ kind: 'in', session, notice: isOther ? texts.otherDevice(stored.deviceId) : failure && texts.refusal(failure) });
  }
}

async function enter(db: Database, credentials: Credentials, setView: (view: View) => void): Promise<void> {
  // What another device left must not be sent as this one's.
  await erase(db);
  await writeSetting(db, 'credentials', credentials);
  await navigator.storage?.persist?.().catch(() => false);
  setView({ kind: 'in', session: await open(db, credentials, setView), notice: null });
}

const open = (db: Database, credentials: Credentials, setView: (view: View) => void): Promise<Session> =>
  Session.open(db, credentials, () => setView({ kind: 'out', db, link: null, failure: null }));

/** Reads the sign-in of the address and takes it away from there, before anything else sees it. */
export function takeLink(): Credentials | null {
  const link = readSignInLink(location.hash);
  if (location.hash !== '') {
    history.replaceState(null, '', location.pathname);
  }
  return link;
}
