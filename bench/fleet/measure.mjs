// Looks at the fleet's page as a person does, and at the alternative, and writes down what it costs. Called by bench/fleet/run.
import { createServer } from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const { values: options } = parseArgs({ options: {
  url: { type: 'string' }, 'token-file': { type: 'string' }, vehicles: { type: 'string' }, seconds: { type: 'string' }, output: { type: 'string' },
} });
const vehicles = Number(options.vehicles);
const seconds = Number(options.seconds);
const say = text => console.error(`bench: ${text}`);
const centre = { lat: 48.137, lng: 11.575 };
const size = { width: 1280, height: 800 };

// The alternative: a page with the same map library, whose points are a GeoJSON source that is set anew each second.
const alternative = `<!doctype html><html><body style="margin:0"><div id="map" style="width:100vw;height:100vh"></div>
<script type="module">
import * as maplibregl from '/maplibre-gl.mjs';
maplibregl.setWorkerUrl?.('/maplibre-gl-worker.mjs');
const points = Array.from({ length: ${vehicles} }, () => [${centre.lng} + (Math.random() - 0.5) * 0.4, ${centre.lat} + (Math.random() - 0.5) * 0.25]);
const geojson = () => ({ type: 'FeatureCollection', features: points.map((coordinates, i) => ({ type: 'Feature', properties: { id: i }, geometry: { type: 'Point', coordinates } })) });
const map = new maplibregl.Map({ container: 'map', center: [${centre.lng}, ${centre.lat}], zoom: 11, style: { version: 8, sources: { v: { type: 'geojson', data: geojson() } },
  layers: [{ id: 'land', type: 'background', paint: { 'background-color': '#eee' } }, { id: 'v', type: 'circle', source: 'v', paint: { 'circle-radius': 6, 'circle-color': '#1456d9' } }] } });
map.on('load', () => { setInterval(() => { for (const p of points) { p[0] += (Math.random() - 0.5) * 2e-4; p[1] += (Math.random() - 0.5) * 2e-4; } map.getSource('v').setData(geojson()); }, 1000); window.isReady = true; });
</script></body></html>`;
const library = join(require.resolve('maplibre-gl/package.json'), '../dist');
const server = createServer((request, response) => {
  const name = request.url.slice(1);
  if (/^maplibre-gl[\w-]*\.mjs$/.test(name)) {
    response.setHeader('content-type', 'text/javascript').end(readFileSync(join(library, name)));
  } else {
    response.setHeader('content-type', 'text/html').end(alternative);
  }
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});

async function open(address) {
  const page = await (await browser.newContext({ viewport: size })).newPage();
  const session = await page.context().newCDPSession(page);
  const counts = { frames: 0, bytes: 0, vehicles: 0 };
  session.on('Network.webSocketFrameReceived', ({ response }) => {
    const bytes = response.opcode === 2 ? Buffer.from(response.payloadData, 'base64').length : Buffer.byteLength(response.payloadData);
    counts.bytes += bytes;
    // Pings are a few bytes; a frame of the fleet has 24 for each vehicle.
    if (bytes > 24) {
      counts.frames++;
      counts.vehicles += Math.floor(bytes / 24);
    }
  });
  await session.send('Network.enable');
  await session.send('Performance.enable');
  await page.goto(address);
  return { page, session, counts };
}

const metrics = async session => Object.fromEntries(
  (await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
const rounded = (value, digits = 1) => value === null ? null : Number(value.toFixed(digits));

/** One scene: frame times while something happens, the main thread's share, and what came over the wire. */
async function scene(name, { page, session, counts }, act) {
  Object.assign(counts, { frames: 0, bytes: 0, vehicles: 0 });
  const before = await metrics(session);
  const started = performance.now();
  const frames = page.evaluate(ms => new Promise(resolve => {
    const gaps = [];
    const begin = performance.now();
    let last = begin;
    const tick = now => {
      gaps.push(now - last);
      last = now;
      if (now - begin < ms) requestAnimationFrame(tick); else resolve(gaps);
    };
    requestAnimationFrame(tick);
  }), seconds * 1_000);
  await act?.(page, started + seconds * 1_000);
  const gaps = (await frames).slice(1).sort((a, b) => a - b);
  const after = await metrics(session);
  const elapsed = (performance.now() - started) / 1_000;
  const result = {
    scene: name, framesPerSecond: rounded(gaps.length / seconds), frameMs: { p50: rounded(at(gaps, 0.5)), p95: rounded(at(gaps, 0.95)), most: rounded(at(gaps, 1)) },
    mainThread: rounded((after.TaskDuration - before.TaskDuration) / elapsed, 3), heapMb: rounded(after.JSHeapUsedSize / 1e6),
    ...(counts.bytes > 0 && { bytesPerSecond: Math.round(counts.bytes / elapsed), vehiclesPerSecond: Math.round(counts.vehicles / elapsed) }),
  };
  say(`${name}: ${result.framesPerSecond} frames/s, half within ${result.frameMs.p50} ms, 95 % within ${result.frameMs.p95} ms, main thread ${Math.round(result.mainThread * 100)} %`
    + (result.bytesPerSecond ? `, ${Math.round(result.bytesPerSecond / 1_000)} kB/s` : ''));
  return result;
}

async function drag(page, until) {
  for (let i = 0; performance.now() < until; i++) {
    const [from, to] = i % 2 === 0 ? [900, 700] : [700, 900];
    await page.mouse.move(from, 400);
    await page.mouse.down();
    for (let step = 0; step <= 20 && performance.now() < until; step++) {
      await page.mouse.move(from + (to - from) * step / 20, 400 + 40 * Math.sin(step / 3));
    }
    await page.mouse.up();
  }
}

try {
  const fleet = await open(`${options.url}/admin#11/${centre.lat}/${centre.lng}`);
  await fleet.page.fill('[name=token]', readFileSync(options['token-file'], 'utf8').trim());
  await fleet.page.click('[type=submit]');
  say('waiting until all are seen');
  await fleet.page.waitForFunction(
    count => Number(document.querySelector('.fleet')?.dataset.vehicles ?? 0) >= count, vehicles * 0.9, { timeout: 300_000 });
  const seen = await fleet.page.evaluate(() => Number(document.querySelector('.fleet').dataset.vehicles));
  const scenes = [await scene('fleet, far: clusters', fleet), await scene('fleet, far, dragged', fleet, drag)];
  await fleet.page.evaluate(({ lat, lng }) => { location.hash = `#12.5/${lat}/${lng}`; }, centre);
  await fleet.page.reload();
  await fleet.page.waitForFunction(() => Number(document.querySelector('.fleet')?.dataset.vehicles ?? 0) > 0);
  await fleet.page.waitForTimeout(3_000);
  scenes.push(await scene('fleet, near: each on the GPU', fleet), await scene('fleet, near, dragged', fleet, drag));
  const near = await fleet.page.evaluate(() => Number(document.querySelector('.fleet').dataset.vehicles));
  await fleet.page.screenshot({ path: join(options.output, 'fleet.png') }).catch(() => undefined);
  await fleet.page.context().close();

  const other = await open(`http://127.0.0.1:${server.address().port}/`);
  await other.page.waitForFunction(() => window.isReady === true, undefined, { timeout: 60_000 });
  scenes.push(await scene('GeoJSON source set each second', other), await scene('GeoJSON source, dragged', other, drag));

  // The same news as JSON, one event for each vehicle, as the live hub names the fields.
  const event = JSON.stringify({ deviceId: 'truck-00000000', lat: 48.1371234, lng: 11.5751234, timestamp: 1767225600000, speed: 12.5, heading: 271, status: 'en_route' });
  const result = {
    vehicles: seen, inNearView: near, scenes, bytesPerVehicle: 24, jsonBytesPerVehicle: event.length, cpu: cpus()[0].model, cores: cpus().length,
    browser: browser.version(), seconds,
  };
  writeFileSync(join(options.output, 'fleet.json'), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(options.output, 'fleet.md'), `# The whole fleet in a browser

Written by \`bench/fleet/run\`; [what the figures mean](../README.md#benchfleet). ${seen.toLocaleString('en')} vehicles, ${near.toLocaleString('en')} of them in the near view;
Chromium ${result.browser} without a graphics card, on ${result.cores} cores that also ran node, database and fleet (${result.cpu}).

| scene | frames/s | frame: half, 95 %, most, ms | main thread | from the server |
| --- | --- | --- | --- | --- |
${scenes.map(s => `| ${s.scene} | ${s.framesPerSecond} | ${s.frameMs.p50}, ${s.frameMs.p95}, ${s.frameMs.most} | ${Math.round(s.mainThread * 100)} % | ${
    s.bytesPerSecond ? `${Math.round(s.bytesPerSecond / 1_000)} kB/s, ${s.vehiclesPerSecond.toLocaleString('en')} vehicles/s` : '–'} |`).join('\n')}

A vehicle that moved takes 24 bytes; the same as one JSON event ${event.length}.
`);
} finally {
  await browser.close();
  server.close();
}
