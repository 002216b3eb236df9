import { distance } from '@artmqtt/client';
import { useState } from 'react';
import { formatDistance, formatMinutes, formatTime } from '../format';
import { ApiError, type Job } from '../jobs/api';
import type { JobList } from '../jobs/jobList';
import type { JobLive } from '../jobs/live';
import { mapLink } from '../jobs/mapLink';
import { needsConfirmation, nextStatus } from '../jobs/steps';
import type { Fix } from '../storage/database';
import { statuses, steps, texts } from '../texts';
import { Dialog } from './Dialog';
import { useNow } from './useNow';

/** One job: who waits where, and the next step. */
export function JobCard({ job, jobs, place, live = {} }: {
  readonly job: Job;
  readonly jobs: JobList;
  readonly place: Fix | null;
  readonly live?: JobLive | undefined;
}) {
  const map = mapLink(job.pickup);
  return (
    <article className="panel job" data-request={job.requestId} data-status={job.status}>
      <header className="job-head">
        <h3 className="headline">{job.customerName ?? texts.customer}</h3>
        <p className={`pill ${job.status === 'assigned' ? 'is-warn' : 'is-good'}`}><span className="pill-dot" />{statuses[job.status]}</p>
      </header>
      {job.note !== null && <p className="detail">{job.note}</p>}
      <dl className="values">
        {live.etaAt !== undefined && <Eta at={live.etaAt} />}
        {live.customer !== undefined && (
          <><dt>{texts.customer}</dt><dd>{texts.fromPickup(formatDistance(distance(live.customer, job.pickup)))}</dd></>
        )}
      </dl>
      <div className="actions">
        <a className="button" href={map} rel="noreferrer" {...(map.startsWith('https:') && { target: '_blank' })}>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 21c-3-4.5-6.5-7-6.5-11a6.5 6.5 0 0 1 13 0c0 4-3.5 6.5-6.5 11Z"/><circle cx="12" cy="10" r="2.2"/></svg>
          <span>{texts.openMap}{place !== null && <span className="note"> {texts.away(formatDistance(distance(place, job.pickup)))}</span>}</span>
        </a>
        <NextStep job={job} jobs={jobs} />
      </div>
    </article>
  );
}

function Eta({ at }: { readonly at: number }) {
  const now = useNow();
  return <><dt>{texts.eta}</dt><dd>{texts.etaValue(formatMinutes(at - now), formatTime(at))}</dd></>;
}

function NextStep({ job, jobs }: { readonly job: Job; readonly jobs: JobList }) {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const next = nextStatus[job.status];
  if (next === undefined) {
    return null;
  }
  const move = async () => {
    setAsking(false);
    setBusy(true);
    setError(null);
    try {
      await jobs.moveOn(job, next);
    } catch (failure) {
      setError(failure instanceof ApiError ? failure.code : 'unreachable');
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button className="button is-main" type="button" data-next={next} disabled={isBusy}
        onClick={() => needsConfirmation(next) ? setAsking(true) : void move()}>
        {isBusy ? texts.moving : steps[next]}
      </button>
      {next === 'arrived' && job.arrivalNoticedAt !== undefined && (
        <p className="banner is-good job-message" role="status">{texts.arrivalNoticed}</p>
      )}
      <p className="banner is-bad job-message" role="alert" hidden={error === null}>{error !== null && texts.moveFailed(error)}</p>
      {isAsking && (
        <Dialog title={texts.completeTitle} yes={texts.complete} no={texts.cancel} onYes={() => void move()} onNo={() => setAsking(false)}>
          <p className="detail">{texts.completeDetail}</p>
        </Dialog>
      )}
    </>
  );
}
