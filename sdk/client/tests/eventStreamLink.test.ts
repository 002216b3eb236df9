import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverSentEvents, watchRequest, type RequestWatch } from '../src/index.js';
import { place, status } from './fakes.js';

/** A gateway of which only `/events` and `/stream` are there. */
class Gateway {
  readonly asked: string[] = [];
  readonly streams: ServerResponse[] = [];
  join = { cursor: 'e1:1', snapshot: { status: { status: 'en_route', at: 1, by: '' } }, missed: [] as unknown[], recovered: false };
  private readonly server = createServer((request, response) => {
    this.asked.push(`${request.url!} ${request.headers.authorization!}`);
    if (request.url!.includes('/stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      this.streams.push(response);
    } else {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.join));
    }
  });

  async start(): Promise<string> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  send(text: string): void {
    this.streams.at(-1)!.write(text);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const event = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\nid: x\n\n`;

describe('serverSentEvents', () => {
  let gateway: Gateway;
  let request: RequestWatch;
  const shown: number[] = [];
  const states: string[] = [];

  beforeEach(async () => {
    gateway = new Gateway();
    shown.length = states.length = 0;
    request = watchRequest(await gateway.start(), 'r', () => 'fresh', { createLink: serverSentEvents, network: null });
    request.on('operator:location', ({ timestamp }) => shown.push(timestamp));
    request.on('connection', state => states.push(state));
    await until(() => gateway.streams.length === 1);
  });

  afterEach(() => {
    request.close();
    gateway.stop();
  });

  it('joins by a poll and follows the stream from its cursor, however it is cut into pieces', async () => {
    const text = event('operator:location', place(2)) + ': a comment\n\n' + event('keepalive', {}) + event('operator:location', place(3)).replaceAll('\n', '\r\n');
    for (const part of text.match(/[^]{1,7}/g)!) {
      gateway.send(part);
    }

    await until(() => shown.length === 2);
    expect(shown).toEqual([2000, 3000]);
    expect(gateway.asked).toEqual(['/api/requests/r/events Bearer fresh', '/api/requests/r/stream?since=e1%3A1 Bearer fresh']);
    expect(states).toEqual(['live']);
  });

  it('comes back with its cursor when the stream ends', async () => {
    gateway.send(event('operator:location', place(2)));
    await until(() => shown.length === 1);
    gateway.join = { ...gateway.join, cursor: 'e1:3', recovered: true, missed: [{ name: 'operator:location', seq: 3, data: place(3) }] };
    gateway.streams[0]!.end();

    await until(() => gateway.streams.length === 2);
    expect(gateway.asked.filter(line => line.includes('events?'))).toContain('/api/requests/r/events?since=e1%3A2 Bearer fresh');
    expect(shown).toEqual([2000, 3000]);
    expect(states.at(-1)).toBe('live');
  });

  it('joins again when the stream begins with a snapshot', async () => {
    gateway.join = { ...gateway.join, cursor: 'e2:9', snapshot: { status: status(9, 'arrived') } as never };
    gateway.send(event('snapshot', gateway.join));

    await until(() => gateway.streams.length === 2);
    expect(request.getSnapshot().status?.status).toBe('arrived');
  });

  it('sends positions over HTTP, and ends with the watch', async () => {
    await request.sendCustomerLocation({ lat: 1, lng: 2 });
    expect(gateway.asked.at(-1)).toBe('/api/requests/r/positions Bearer fresh');

    const closed = new Promise<void>(resolve => gateway.streams[0]!.on('close', () => resolve()));
    request.close();
    await closed;
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
