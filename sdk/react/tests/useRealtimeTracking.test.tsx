// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { TrackingClient, type Access } from '@artmqtt/client';
import { StrictMode, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeParts, place, settle, status, type Answer } from '../../client/tests/fakes.js';
import { TrackingProvider, useRealtimeTracking, type RealtimeTracking } from '../src/index.js';

afterEach(cleanup);

const enRoute = { join: { snapshot: { status: { status: 'en_route', at: 1, by: '' } } } };
const of = (requestId: string, event: object) => ({ ...event, requestId });

function setUp(answers: Answer[] = [enRoute], access: Access = 'unknown') {
  const fakes = fakeParts(answers, access);
  const client = new TrackingClient('http://localhost', 'secret-token', fakes.parts);
  const seen: RealtimeTracking[] = [];
  function Show({ id }: { id: string }) {
    const tracking = useRealtimeTracking(id);
    seen.push(tracking);
    return <p role="status">{`${tracking.connection} ${tracking.status?.status ?? ''} ${tracking.operator?.timestamp ?? ''}`}</p>;
  }
  const within = (children: ReactNode) => <TrackingProvider client={client}>{children}</TrackingProvider>;
  return { ...fakes, client, seen, Show, within };
}

describe('useRealtimeTracking', () => {
  it('shows what is known and each change of it', async () => {
    const { links, seen, Show, within } = setUp();
    render(within(<Show id="a" />));
    expect(screen.getByRole('status').textContent).toBe('connecting  ');

    await act(settle);
    act(() => links[0]!.send('operator:location', of('a', place(1))));
    expect(screen.getByRole('status').textContent).toBe('live en_route 1000');
    expect(seen.at(-1)).toMatchObject({ error: null, customer: null, trail: [{ timestamp: 1000 }] });

    const before = seen.length;
    act(() => links[0]!.send('operator:location', of('b', place(2))));
    expect(seen).toHaveLength(before);
  });

  it('opens one connection for all, also in strict mode, and closes it after the last is gone', async () => {
    const { links, clock, Show, within } = setUp();
    const { unmount, rerender } = render(<StrictMode>{within(<><Show id="a" /><Show id="b" /></>)}</StrictMode>);
    await act(settle);
    expect(links).toHaveLength(1);
    expect(links[0]!.calls.map(([method, id]) => `${method as string} ${id as string}`)).toEqual(['join:request a', 'join:request b']);

    rerender(<StrictMode>{within(<Show id="b" />)}</StrictMode>);
    await act(() => clock.advance(1_000));
    expect(links[0]!.calls.at(-1)!.slice(0, 2)).toEqual(['leave:request', 'a']);
    unmount();
    await clock.advance(1_000);
    expect(links).toHaveLength(1);
    expect(links[0]!.stopped).toBe(1);
    expect(clock.count).toBe(0);
  });

  it('follows another request when it is given one', async () => {
    const { links, Show, within } = setUp();
    const { rerender } = render(within(<Show id="a" />));
    await act(settle);
    act(() => links[0]!.send('operator:location', of('a', place(1))));
    rerender(within(<Show id="b" />));
    await act(settle);

    expect(screen.getByRole('status').textContent).toBe('live en_route ');
    act(() => links[0]!.send('request:status:updated', of('b', status(2, 'arrived'))));
    expect(screen.getByRole('status').textContent).toBe('live arrived ');
  });

  it('says when the link is not valid', async () => {
    const { seen, Show, within } = setUp([{ start: 'refuse' }], { denied: 'token_invalid' });
    render(within(<Show id="a" />));
    await act(settle);

    expect(seen.at(-1)!.error).toBe('denied');
  });

  it('sends positions of the customer', async () => {
    const { links, seen, Show, within } = setUp();
    render(within(<Show id="a" />));
    await act(settle);
    await seen.at(-1)!.sendCustomerLocation({ lat: 1, lng: 2, timestamp: 3 });

    expect(links[0]!.calls.at(-1)).toEqual(['customer:location', 'a', { lat: 1, lng: 2, timestamp: 3 }]);
    expect(seen[0]!.sendCustomerLocation).toBe(seen.at(-1)!.sendCustomerLocation);
  });

  it('renders on a server, without a connection', () => {
    const { links, Show, within } = setUp();
    expect(renderToString(within(<Show id="a" />))).toContain('connecting');
    expect(links).toHaveLength(0);
  });

  it('explains what is missing without a provider', () => {
    const { Show } = setUp();
    expect(() => renderToString(<Show id="a" />)).toThrow('TrackingProvider');
  });
});
