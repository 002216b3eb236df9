import type { FormEvent } from 'react';
import type { RequestStatus } from '@artmqtt/client';
import { addressOf, go } from '../address';
import { MoreOf } from '../parts/MoreOf';
import { shortOf, time } from '../parts/texts';
import { usePages } from '../parts/usePages';
import type { ViewProps } from '../views';

interface RequestEvent {
  readonly requestId: string;
  readonly version: number;
  readonly from?: RequestStatus;
  readonly to: RequestStatus;
  readonly deviceId: string | null;
  readonly at: string;
  readonly by: string;
}

const names = ['requestId', 'deviceId', 'from', 'to'] as const;
const words = (status: RequestStatus): string => status.replaceAll('_', ' ');

const what = ({ from, to }: RequestEvent): string => from === undefined ? 'Created'
  : from === to ? `Changed while ${words(to)}` : `${words(from)} → ${words(to)}`;

// The fields give local times without a zone, the server wants one.
const inUtc = (local: string): string => new Date(local).toISOString();

/** What happened to requests, newest first. */
export default function EventsView({ api, params }: ViewProps) {
  const query = new URLSearchParams(names.flatMap(name => {
    const value = params.get(name);
    return value === null ? [] : [[name, name === 'from' || name === 'to' ? inUtc(value) : value]];
  }));
  const pages = usePages<RequestEvent>(api, `/api/request-events?${query}`);
  const search = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    go('events', Object.fromEntries(names.flatMap(name => {
      const value = (form.get(name) as string).trim();
      return value === '' ? [] : [[name, value]];
    })));
  };

  return (
    <main className="page">
      <div className="page-top">
        <h1 className="headline">Event log</h1>
        <button className="button" type="button" onClick={pages.again}>Read again</button>
      </div>
      <form className="page-actions events-search" key={params.toString()} onSubmit={search}>
        <label className="field">Request<input name="requestId" defaultValue={params.get('requestId') ?? ''} spellCheck={false} /></label>
        <label className="field">Device<input name="deviceId" defaultValue={params.get('deviceId') ?? ''} spellCheck={false} /></label>
        <label className="field">From<input type="datetime-local" name="from" defaultValue={params.get('from') ?? ''} /></label>
        <label className="field">To<input type="datetime-local" name="to" defaultValue={params.get('to') ?? ''} /></label>
        <button className="button is-main" type="submit">Search</button>
      </form>
      {pages.items !== null && pages.items.length > 0 && (
        <div className="panel table" role="region" aria-label="Event log" tabIndex={0}>
          <table>
            <thead><tr><th>When</th><th>Request</th><th>What</th><th>Device</th><th>By</th></tr></thead>
            <tbody>
              {pages.items.map(event => (
                <tr key={`${event.requestId} ${event.version}`}>
                  <td><time dateTime={event.at}>{time(event.at)}</time></td>
                  <td><a href={addressOf('events', { requestId: event.requestId })}><code>{shortOf(event.requestId)}</code></a></td>
                  <td>{what(event)}</td>
                  <td>{event.deviceId !== null && <a href={addressOf('device', { id: event.deviceId })}>{event.deviceId}</a>}</td>
                  <td>{event.by}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <MoreOf pages={pages} empty="Nothing happened that fits." />
    </main>
  );
}
