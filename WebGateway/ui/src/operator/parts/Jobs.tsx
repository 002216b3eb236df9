import { useSyncExternalStore } from 'react';
import { inOrder } from '../jobs/steps';
import type { Session, SessionState } from '../session';
import { texts } from '../texts';
import { JobCard } from './JobCard';

/** What there is to do, live. */
export function Jobs({ session, state }: { readonly session: Session; readonly state: SessionState }) {
  const { jobs, error } = useSyncExternalStore(session.jobs.subscribe, session.jobs.getState);
  return (
    <section className="jobs" aria-labelledby="jobs-title">
      <h2 className="section-title" id="jobs-title">{texts.jobs}</h2>
      {error === 'unreachable' && jobs !== null && <p className="banner is-warn">{texts.oldJobs}</p>}
      {jobs === null && <p className="note">{error === null ? texts.loadingJobs : texts.refusal(error)}</p>}
      {jobs?.length === 0 && (
        <div className="panel"><p className="detail"><strong>{texts.noJobs}</strong> {texts.noJobsDetail}</p></div>
      )}
      {inOrder(jobs ?? []).map(job => (
        <JobCard key={job.requestId} job={job} jobs={session.jobs} place={state.engine.place} live={state.engine.live[job.requestId]} />
      ))}
    </section>
  );
}
