// A gateway for working on the pages without the rest of the platform: the same addresses, one invented request.
// Usage: npm run build && npm run dev:fake [-- --port 8090 --no-streets]
// POST /fake/status?to=arrived, /fake/late, /fake/silent, /fake/cut (also refuses new connections until /fake/heal).
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WebSocketServer } from 'ws';
import { createCity } from './city.mjs';
import { Drive } from './drive.mjs';

const dist = join(import.meta.dirname, '../../dist');
const requestId = '6f1c2a34-8b1d-4f6e-9a53-0d2e7c4b1a90';
export const token = `c.${requestId.replaceAll('-', '')}.demo`;
const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml',
  '.pmtiles': 'application/octet-stream',
};
const separator = '\u001e';

export function startFakeGateway({ port = 8090, centre = { lat: 52.52, lng: 13.405 }, streets = true } = {}) {
  const city = createCity(centre);
  const [pickupLng, pickupLat] = city.way.at(-1);
  const drive = new Drive(city.way, 1_700);
  const sockets = new Set();
  let isCut = false;

  const api = {
    [`GET /api/requests/${requestId}`]: () => ({
      requestId, status: drive.status.status, pickup: { lat: pickupLat, lng: pickupLng },
      updatedAt: new Date(drive.status.at).toISOString(),
    }),
    [`GET /api/requests/${requestId}/route`]: () => ({
      type: 'FeatureCollection',
      features: [{
        type: 'Feature', properties: { times: drive.passed.map(p => p.timestamp) },
        geometry: { type: 'LineString', coordinates: drive.passed.map(p => [p.lng, p.lat]) },
      }],
    }),
  };
  const open = {
    'GET /api/map/config': () => ({
      styleUrl: null, tilesUrl: null, streetsUrl: streets ? '/map/streets.geojson' : null, attribution: null,
      contact: { phoneNumber: '+4930123456', messageUrl: 'https://chat.example.org/' },
    }),
    'GET /map/streets.geojson': () => city.streets,
    'GET /health/ready': () => ({ status: 'Healthy' }),
    'POST /fake/late': () => {
      drive.expect(1_080, 480);
      return true;
    },
    'POST /fake/silent': () => (drive.isSilent = !drive.isSilent),
    'POST /fake/cut': () => {
      isCut = true;
      sockets.forEach(socket => socket.terminate());
      return true;
    },
    'POST /fake/heal': () => (isCut = false),
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const key = `${request.method} ${url.pathname}`;
    if (isCut && !key.startsWith('POST /fake/')) {
      return void request.socket.destroy();
    }
    if (key === 'POST /fake/status') {
      drive.setStatus(url.searchParams.get('to'));
      return void sendJson(response, true);
    }
    if (api[key]) {
      const isAllowed = request.headers.authorization === `Bearer ${token}`;
      return void (isAllowed ? sendJson(response, api[key]()) : response.writeHead(401).end());
    }
    return void (open[key] ? sendJson(response, open[key]()) : sendFile(request, response, url.pathname));
  });

  const hub = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url, 'http://localhost');
    if (isCut || url.pathname !== '/hubs/tracking' || url.searchParams.get('access_token') !== token) {
      return void socket.destroy();
    }
    hub.handleUpgrade(request, socket, head, ws => {
      sockets.add(ws);
      serveHub(ws, drive, () => sockets.delete(ws));
    });
  });
  return new Promise(resolve => server.listen(port, '127.0.0.1', () => resolve({
    drive,
    address: `http://127.0.0.1:${server.address().port}`,
    link: `/t/${requestId}#${token}`,
    close: () => {
      clearInterval(drive.timer);
      sockets.forEach(socket => socket.terminate());
      server.close();
    },
  })));
}

/** SignalR's JSON protocol, as far as the client of this repository uses it. */
function serveHub(ws, drive, onClosed) {
  const send = message => ws.send(JSON.stringify(message) + separator);
  const onEvent = (name, data) => {
    if (name === 'request:status:updated' || drive.mayShow) {
      send({ type: 1, target: name, arguments: [{ requestId, ...data }] });
    }
  };
  const ping = setInterval(() => send({ type: 6 }), 10_000);
  let isGreeted = false;

  ws.on('message', bytes => {
    for (const text of bytes.toString().split(separator).filter(Boolean)) {
      const message = JSON.parse(text);
      if (!isGreeted) {
        isGreeted = true;
        send({});
      } else if (message.type === 1 && message.target === 'customer:location') {
        send({ type: 3, invocationId: message.invocationId, result: 1 });
      } else if (message.type === 1 && message.target === 'join:request') {
        send({ type: 3, invocationId: message.invocationId, result: {
          cursor: `fake:${drive.sequence}`, recovered: false, missed: [],
          snapshot: { status: drive.status, operator: drive.mayShow ? drive.operator : null, customer: null, eta: drive.eta },
        } });
        drive.listeners.add(onEvent);
      }
    }
  });
  ws.on('close', () => {
    clearInterval(ping);
    drive.listeners.delete(onEvent);
    onClosed();
  });
}

function sendJson(response, body) {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendFile(request, response, path) {
  const name = path === '/' ? '/index.html' : path.startsWith('/t/') ? '/track.html' : normalize(path);
  const file = join(dist, name);
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    return void response.writeHead(404).end();
  }
  const headers = {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': "default-src 'self'; worker-src 'self'",
    'accept-ranges': 'bytes',
  };
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (!range) {
    return void createReadStream(file).pipe(response.writeHead(200, { ...headers, 'content-length': size }));
  }
  const [start, end] = [Number(range[1]), Math.min(Number(range[2]), size - 1)];
  response.writeHead(
    206, { ...headers, 'content-range': `bytes ${start}-${end}/${size}`, 'content-length': end - start + 1 });
  createReadStream(file, { start, end }).pipe(response);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const at = process.argv.indexOf('--port');
  const { address, link } = await startFakeGateway({
    port: at > 0 ? Number(process.argv[at + 1]) : 8090, streets: !process.argv.includes('--no-streets'),
  });
  console.log(`${address}${link}`);
}
