import { isLow, stretch } from '../device/battery';
import { formatAge, formatCount } from '../format';
import type { Session, SessionState } from '../session';
import { problems, texts, ways } from '../texts';
import { useNow } from './useNow';

const pillKinds: Partial<Record<SessionState['engine']['way'], string>> = {
  mqtt: 'is-good', http: 'is-good', connecting: 'is-warn', offline: 'is-warn', refused: 'is-bad',
};

/** The big switch, and what becomes of the positions. */
export function DutyPanel({ session, state }: { readonly session: Session; readonly state: SessionState }) {
  const { isOnDuty, engine } = state;
  const isKept = engine.way === 'offline' || engine.way === 'refused';
  return (
    <section className={`panel duty ${isOnDuty ? 'is-on' : ''}`} aria-label={texts.dutySwitch}>
      <label className="switch duty-switch">
        <span>
          <span className="headline" role="status">{isOnDuty ? texts.onDuty : texts.offDuty}</span>
          <span className="note">{!isOnDuty ? texts.offDutyDetail : isKept ? texts.keptDetail : texts.onDutyDetail}</span>
        </span>
        <input type="checkbox" role="switch" id="duty" aria-label={texts.dutySwitch} checked={isOnDuty}
          onChange={event => session.setDuty(event.target.checked)} />
      </label>
      <p className={`pill ${pillKinds[engine.way] ?? ''}`} id="way" data-way={engine.way} role="status">
        <span className="pill-dot" />{ways[engine.way]}
      </p>
      <Messages state={state} />
      <Values state={state} />
      <Rest session={session} state={state} />
      {!state.isLeading && (
        <div className="banner" id="following">
          <span>{texts.following}</span>
          <button className="button" type="button" onClick={() => session.takeOver()}>{texts.takeOver}</button>
        </div>
      )}
    </section>
  );
}

function Messages({ state: { isOnDuty, engine } }: { readonly state: SessionState }) {
  return (
    <>
      {isOnDuty && engine.problem !== null && (
        <p className="banner is-bad" role="alert" id="gps-problem" data-problem={engine.problem}>{problems[engine.problem]}</p>
      )}
      {isOnDuty && engine.way === 'offline' && <p className="banner is-warn">{texts.offlineNote}</p>}
      {isOnDuty && isLow(engine.battery) && <p className="banner is-warn" id="low-battery">{texts.lowBattery}</p>}
    </>
  );
}

function Values({ state: { isOnDuty, engine, queue: { queued, counts } } }: { readonly state: SessionState }) {
  const now = useNow();
  const acknowledged = counts.acknowledgedAt;
  return (
    <div id="delivery" data-taken={counts.taken} data-queued={queued} data-acknowledged={counts.acknowledged}>
      <dl className="values">
        <dt>{texts.lastAcknowledged}</dt>
        <dd id="acknowledged">{acknowledged === null ? texts.notYet : texts.ago(formatAge((now - acknowledged) / 1_000))}</dd>
        <dt>{texts.waiting}</dt><dd id="queued">{texts.waitingCount(queued)}</dd>
        {counts.rejected > 0 && <><dt>{texts.rejected}</dt><dd title={counts.rejection ?? ''}>{formatCount(counts.rejected)}</dd></>}
        {counts.dropped > 0 && <><dt>{texts.dropped}</dt><dd>{formatCount(counts.dropped)}</dd></>}
        {isOnDuty && (
          <><dt>{texts.accuracy}</dt>
            <dd>{engine.place?.accuracy === undefined ? texts.measuring : texts.accuracyValue(engine.place.accuracy)}</dd></>
        )}
      </dl>
      <details>
        <summary className="note">{texts.more}</summary>
        <dl className="values">
          <dt>{texts.sent}</dt><dd>{formatCount(counts.acknowledged)}</dd>
          <dt>{texts.every}</dt><dd>{formatAge(Math.ceil(engine.control.intervalMs * stretch(engine.battery) / 1_000))}</dd>
          {engine.battery !== null && <><dt>{texts.battery}</dt><dd>{texts.batteryValue(engine.battery.percent)}</dd></>}
        </dl>
      </details>
    </div>
  );
}

function Rest({ session, state: { isOnDuty, isSendingRest, queue } }: { readonly session: Session; readonly state: SessionState }) {
  return isOnDuty || queue.queued === 0 ? null : (
    <div className="banner is-warn" id="rest">
      <span>{texts.rest(queue.queued)}</span>
      <button className="button" type="button" disabled={isSendingRest} onClick={() => session.sendRest()}>
        {isSendingRest ? texts.sendingRest : texts.sendRest}
      </button>
    </div>
  );
}
