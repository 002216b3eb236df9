import { useSyncExternalStore } from 'react';
import type { Session } from '../session';
import { texts } from '../texts';
import { DutyPanel } from './DutyPanel';
import { Jobs } from './Jobs';
import { SettingsPanel } from './SettingsPanel';
import { SignInForm } from './SignInForm';

/** The page of a device that is signed in. */
export function SignedIn({ session, notice }: { readonly session: Session; readonly notice: string | null }) {
  const state = useSyncExternalStore(session.subscribe, session.getState);
  const { refusal } = state;
  return (
    <div className="columns">
      <div className="column">
        {notice !== null && <p className="banner is-warn">{notice}</p>}
        {refusal !== null && (
          <section className="panel" id="refused">
            <p className="banner is-bad" role="alert">{texts.refusal(refusal)}</p>
            <SignInForm deviceId={session.credentials.deviceId} button={texts.signInAgain}
              onSignedIn={credentials => session.signIn(credentials)} />
          </section>
        )}
        <DutyPanel session={session} state={state} />
      </div>
      <div className="column">
        <Jobs session={session} state={state} />
        <SettingsPanel session={session} state={state} />
      </div>
    </div>
  );
}
