import { useEffect, useState, type FormEvent } from 'react';
import { ApiError, type Api } from '../admin/api';
import { shortOf } from '../admin/parts/texts';
import type { PastState } from './past';
import { periodOf } from './routeLoader';
import { at, number, texts } from './texts';
import { keyOf, mostSubjects, nameOf, type Detail, type Subject, type Wish } from './wish';

interface Candidate {
  readonly subject: Subject;
  readonly title: string;
  readonly note: string;
}

interface DevicePage { readonly items: readonly { readonly deviceId: string; readonly name: string | null }[]; readonly next: string | null }
interface RequestPage {
  readonly items: readonly { readonly requestId: string; readonly status: string; readonly deviceId: string | null; readonly customerName: string | null; readonly createdAt: string }[];
}

const mostListed = 40;
const mostPages = 10;
const hour = 3_600_000;
const periods = [['lastHour', hour], ['lastDay', 24 * hour], ['lastWeek', 7 * 24 * hour]] as const;

/** Devices or requests and a period, and how far they are loaded. */
export function Chooser({ api, wish, state, onShow, onCancel }: {
  readonly api: Api; readonly wish: Wish; readonly state: PastState;
  readonly onShow: (chosen: Pick<Wish, 'subjects' | 'from' | 'to' | 'detail'>) => void; readonly onCancel: () => void;
}) {
  const [subjects, setSubjects] = useState(wish.subjects);
  const [period, setPeriod] = useState({ from: wish.from, to: wish.to });
  const [detail, setDetail] = useState<Detail>(wish.detail);
  const [kind, setKind] = useState<Subject['kind']>('device');
  const [search, setSearch] = useState('');
  const { candidates, problem } = useCandidates(api, kind, period);
  useEffect(() => {
    setSubjects(wish.subjects);
    setPeriod({ from: wish.from, to: wish.to });
  }, [wish.subjects, wish.from, wish.to]);

  const words = search.trim().toLowerCase();
  const matching = candidates?.filter(({ title, note }) => `${title} ${note}`.toLowerCase().includes(words)) ?? [];
  const isChosen = (subject: Subject): boolean => subjects.some(each => keyOf(each) === keyOf(subject));
  const toggle = (subject: Subject): void => setSubjects(before => isChosen(subject)
    ? before.filter(each => keyOf(each) !== keyOf(subject)) : [...before, subject]);
  const isFull = subjects.length >= mostSubjects;
  const isPeriod = period.from < period.to;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isPeriod && subjects.length > 0) {
      onShow({ subjects, ...period, detail });
    }
  };

  return (
    <form className="history-section" onSubmit={submit} aria-label={texts.choose}>
      <h2 className="history-title">{texts.choose}</h2>
      <div className="history-pair">
        <label className="field">
          {texts.kind}
          <select value={kind} onChange={event => setKind(event.target.value as Subject['kind'])}>
            <option value="device">{texts.devices}</option>
            <option value="request">{texts.requests}</option>
          </select>
        </label>
        <label className="field">
          {texts.search}
          <input
            type="search" name="search" value={search} placeholder={kind === 'device' ? texts.searchDevices : texts.searchRequests}
            onChange={event => setSearch(event.target.value)}
          />
        </label>
      </div>
      {problem && <p className="banner is-bad" role="alert">{problem}</p>}
      <ul className="history-found" aria-label={texts.found}>
        {matching.slice(0, mostListed).map(({ subject, title, note }) => (
          <li key={keyOf(subject)}>
            <label className="history-candidate">
              <input
                type="checkbox" checked={isChosen(subject)} disabled={isFull && !isChosen(subject)} onChange={() => toggle(subject)}
              />
              <span>{title}</span><span className="note">{note}</span>
            </label>
          </li>
        ))}
      </ul>
      {candidates && matching.length === 0 && (
        <p className="note">{kind === 'request' && candidates.length === 0 ? texts.noRequests : texts.noneFound}</p>
      )}
      {matching.length > mostListed && <p className="note">{texts.more(matching.length - mostListed)}</p>}
      {subjects.length > 0 && (
        <ul className="history-chosen" aria-label={texts.chosen}>
          {subjects.map(subject => (
            <li key={keyOf(subject)}>
              <button className="pill" type="button" aria-label={texts.remove(nameOf(subject))} onClick={() => toggle(subject)}>
                {nameOf(subject)} <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {isFull && <p className="note">{texts.atMost(mostSubjects)}</p>}
      <div className="history-period">
        {(['from', 'to'] as const).map(end => (
          <label className="field" key={end}>
            {texts[end]}
            <input
              type="datetime-local" name={end} required value={local(period[end])} aria-invalid={!isPeriod}
              onChange={event => event.target.value !== '' && setPeriod({ ...period, [end]: new Date(event.target.value).getTime() })}
            />
          </label>
        ))}
      </div>
      {!isPeriod && <p className="banner is-bad" role="alert">{texts.wrongPeriod}</p>}
      <div className="history-actions">
        {periods.map(([name, ms]) => (
          <button
            key={name} className="button is-small" type="button"
            onClick={() => setPeriod({ from: minute(Date.now() - ms), to: minute(Date.now()) + 60_000 })}
          >{texts[name]}</button>
        ))}
      </div>
      <label className="field">
        {texts.detail}
        <select name="detail" value={detail} onChange={event => setDetail(event.target.value as Detail)}>
          {(Object.keys(texts.details) as Detail[]).map(each => <option key={each} value={each}>{texts.details[each]}</option>)}
        </select>
      </label>
      <div className="history-actions">
        <button className="button is-main" type="submit" disabled={subjects.length === 0 || !isPeriod}>{texts.show}</button>
        {state.progress !== null && <button className="button" type="button" onClick={onCancel}>{texts.cancel}</button>}
      </div>
      {state.progress !== null && (
        <progress className="history-progress" aria-label={texts.loading} max={1} value={state.progress} />
      )}
      <p className="note" role="status">
        {state.routes.length === 0 ? texts.nothing
          : state.progress === null && state.positions === 0 && state.routes.every(({ problem: one }) => one === null) ? texts.empty
            : `${texts.loaded(state.positions)}${state.progress === null ? '.' : ` · ${number(state.progress * 100)} %`}`}
        {state.bucket > 0 && ` ${texts.bucket(state.bucket)}`}
      </p>
      {state.isCut && <p className="banner is-warn">{texts.cut[state.isCut]}</p>}
    </form>
  );
}

function useCandidates(api: Api, kind: Subject['kind'], { from, to }: { from: number; to: number }) {
  const [candidates, setCandidates] = useState<readonly Candidate[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // Devices are there whenever it was.
  const period = kind === 'device' ? '' : periodOf(from, to);
  useEffect(() => {
    const controller = new AbortController();
    setCandidates(null);
    setProblem(null);
    (kind === 'device' ? devices(api, controller.signal) : requests(api, period, controller.signal))
      .then(setCandidates)
      .catch((error: unknown) => !controller.signal.aborted && setProblem(error instanceof ApiError ? error.message : String(error)));
    return () => controller.abort();
  }, [api, kind, period]);
  return { candidates, problem };
}

async function devices(api: Api, signal: AbortSignal): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (let page = 0, after: string | null = ''; page < mostPages && after !== null; page++) {
    const answer: DevicePage = await api.call(`/api/devices?limit=1000${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`, { signal });
    found.push(...answer.items.map(({ deviceId, name }) => ({ subject: { kind: 'device' as const, id: deviceId }, title: deviceId, note: name ?? '' })));
    after = answer.next;
  }
  return found;
}

async function requests(api: Api, period: string, signal: AbortSignal): Promise<Candidate[]> {
  const { items } = await api.call<RequestPage>(`/api/requests?limit=1000&${period}`, { signal });
  return items.map(({ requestId, status, deviceId, customerName, createdAt }) => ({
    subject: { kind: 'request', id: requestId },
    title: `${at(Date.parse(createdAt))}, ${deviceId ?? status}`, note: [customerName, shortOf(requestId)].filter(Boolean).join(' · '),
  }));
}

const minute = (ms: number): number => Math.floor(ms / 60_000) * 60_000;

/** As an input of the type datetime-local has it. */
function local(ms: number): string {
  const here = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return here.toISOString().slice(0, 16);
}
