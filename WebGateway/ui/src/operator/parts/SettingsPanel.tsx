import { useState } from 'react';
import type { Session, SessionState } from '../session';
import { texts } from '../texts';
import { Dialog } from './Dialog';

/** The screen, and the way out. */
export function SettingsPanel({ session, state }: { readonly session: Session; readonly state: SessionState }) {
  const [isAsking, setAsking] = useState(false);
  const { queued } = state.queue;
  return (
    <section className="panel settings">
      <label className="switch">
        <span>{texts.keepScreenOn}</span>
        <input type="checkbox" role="switch" id="screen" checked={state.keepsScreenOn}
          onChange={event => session.setKeepsScreenOn(event.target.checked)} />
      </label>
      <p className="note" id="screen-state" data-screen={state.screen}>
        {state.screen === 'unsupported' ? texts.screenUnsupported : state.screen === 'denied' ? texts.screenDenied : texts.background}
      </p>
      <div className="signed-in">
        <p className="note">{texts.signedInAs(session.credentials.deviceId)}</p>
        <button className="button is-bad" type="button" id="sign-out" onClick={() => setAsking(true)}>{texts.signOut}</button>
      </div>
      {isAsking && (
        <Dialog title={texts.signOutTitle} yes={queued > 0 ? texts.signOutAnyway : texts.signOut} no={texts.stay} isBad
          onYes={() => void session.signOut()} onNo={() => setAsking(false)}>
          {queued > 0 && <p className="banner is-bad">{texts.signOutQueued(queued)}</p>}
          <p className="detail">{texts.signOutDetail}</p>
        </Dialog>
      )}
    </section>
  );
}
