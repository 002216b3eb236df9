// Opens the history page over a real node and measures it; started by bench/history-page/run.
// Usage: node measure.mjs ADDRESS TOKEN-FILE SECONDS RESULTS-FOLDER NODE-PID
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [address, tokenFile, secondsText, results, pid] = process.argv.slice(2);
const seconds = Number(secondsText);
const token = readFileSync(tokenFile, 'utf8').trim();
const begin = Date.parse('2026-01-01T00:00:00Z');
const period = (from, to) => `from=${new Date(begin + from * 1000).toISOString()}&to=${new Date(begin + to * 1000).toISOString()}`;
const tenth = Math.floor(seconds / 10);
const vans = Array.from({ length: 10 }, (_, i) => `device=van-${i + 1}`).join('&');
const scenes = [
  ['the map alone', `${period(0, 60)}`, 0],
  ['a route of 1/10', `device=van-1&detail=all&${period(0, tenth - 1)}`, tenth],
  ['one route', `device=van-1&detail=all&${period(0, seconds - 1)}`, seconds],
  ['ten routes of 1/10 each', `${vans}&detail=all&colour=vehicle&${period(0, tenth - 1)}`, 10 * tenth],
];

const codings = [];
for (const coding of ['identity', 'gzip', 'br']) {
  const asked = [];
  for (let round = 0; round < 3; round++) {
    asked.push(await rowsOf(seconds, coding));
  }
  codings.push({ coding, ...asked.toSorted((a, b) => a.seconds - b.seconds)[1] });
  console.error(`bench: ${JSON.stringify(codings.at(-1))}`);
}
const heats = [];
const city = 'west=11.3&south=48&east=11.9&north=48.3';
for (const [name, from, to, query] of [
  ['a day of all in the city', 0, 86_400, city], ['a day of one van', 0, 86_400, 'device=van-3'],
  ['all of it, in the city', 0, seconds, city], ['all of it, the middle of the city', 0, seconds, 'west=11.55&south=48.12&east=11.6&north=48.15'],
]) {
  const times = [];
  let cells;
  for (let round = 0; round < 4; round++) {
    const begin = performance.now();
    const answer = await ask(`/api/positions/heat?${period(from, Math.min(to, seconds))}&${query}&zoom=16`, 'identity');
    times.push((performance.now() - begin) / 1_000);
    cells = JSON.parse(answer.toString()).features;
  }
  const counted = cells.reduce((sum, cell) => sum + cell.properties.positions, 0);
  heats.push({ name, first: times[0], median: times.slice(1).toSorted((a, b) => a - b)[1], cells: cells.length, positions: counted });
  console.error(`bench: ${JSON.stringify(heats.at(-1))}`);
}

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
const rows = [];
for (const [name, query, positions] of scenes) {
  rows.push({ name, positions, ...await measure(query, positions) });
  console.error(`bench: ${JSON.stringify(rows.at(-1))}`);
}
await browser.close();

const number = value => value === null ? '' : value.toLocaleString('en', { maximumFractionDigits: 1 });
const frames = ({ median, p95, longest }) => `${number(median)}, ${number(p95)}, ${number(longest)}`;
const page = `# The history page

Written by \`bench/history-page/run\` on ${new Date().toISOString().slice(0, 10)} on one machine that ran the database (${number(10 * seconds)} positions), the
node and the browser, which draws by software: each repaint of the map itself takes most of a frame. Milliseconds between frames: median, 95th
percentile, longest. What each figure means: [README](../README.md).

| | positions | first of them drawn, s | all loaded, s | MB | JS heap, MB | longest task while loading, ms | panning, whole route in view | panning, close | replay 60×, followed |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.map(row => `| ${row.name} | ${number(row.positions)} | ${number(row.firstSeconds)} | ${number(row.loadSeconds)} | ${number(row.megabytes)} | ${number(row.heap)} | ${number(row.longestTask)} | ${frames(row.far)} | ${frames(row.near)} | ${row.replay ? frames(row.replay) : ''} |`).join('\n')}

A route of ${number(seconds)} positions with \`format=rows\`, 100,000 a page, without the page:

| Accept-Encoding | MB | s | s of the node's processors |
| --- | ---: | ---: | ---: |
${codings.map(({ coding, megabytes, seconds: took, cpu }) => `| ${coding} | ${number(megabytes)} | ${number(took)} | ${number(cpu)} |`).join('\n')}

\`GET /api/positions/heat\`, zoom 16:

| | positions | cells | first time, s | again, s |
| --- | ---: | ---: | ---: | ---: |
${heats.map(heat => `| ${heat.name} | ${number(heat.positions)} | ${number(heat.cells)} | ${heat.first.toFixed(2)} | ${heat.median.toFixed(2)} |`).join('\n')}
`;
writeFileSync(join(results, 'history-page.md'), page);
writeFileSync(join(results, 'history-page.json'), `${JSON.stringify({ rows, codings, heats }, null, 2)}\n`);
console.log(page);

async function measure(query, positions) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(value => {
    sessionStorage.setItem('artmqtt.token', value);
    window.longTasks = [];
    new PerformanceObserver(list => window.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  }, token);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  const started = performance.now();
  await page.goto(`${address}/history?${query}`);
  let firstSeconds = null;
  if (positions > 0) {
    await page.waitForFunction(() => Number(document.querySelector('.history')?.dataset.positions) > 0, null, { timeout: 120_000, polling: 'raf' });
    firstSeconds = (performance.now() - started) / 1_000;
    await page.waitForFunction(
      count => document.querySelector('.history').dataset.positions === String(count) && document.querySelector('.history').dataset.loading === 'false',
      positions, { timeout: 300_000, polling: 200 });
  }
  const loadSeconds = positions > 0 ? (performance.now() - started) / 1_000 : null;
  await page.waitForTimeout(2_000);
  const longestTask = await page.evaluate(() => Math.max(0, ...window.longTasks));
  await session.send('HeapProfiler.collectGarbage');
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize / 1e6);
  const megabytes = bytes / 1e6;
  if (positions === 0) {
    await page.goto(`${address}/history?${query}#10.5/48.137/11.575`);
    await page.reload();
    await page.waitForTimeout(2_000);
  }
  const far = await pan(page);
  await zoomIn(page, 5);
  const near = await pan(page);
  const replay = positions === 0 ? null : await play(page);
  await context.close();
  return { firstSeconds, loadSeconds, megabytes, heap, longestTask, far, near, replay };
}

/** What came, as it came. */
function ask(path, coding) {
  return new Promise((resolve, reject) => get(
    address + path, { headers: { authorization: `Bearer ${token}`, 'accept-encoding': coding } }, answer => {
      const parts = [];
      answer.on('data', part => parts.push(part)).on('error', reject).on('end', () => answer.statusCode === 200
        ? resolve(Buffer.concat(parts)) : reject(new Error(`${path}: ${answer.statusCode} ${Buffer.concat(parts)}`)));
    }).on('error', reject));
}

/** All rows of a van, page by page; the pages begin where positions of one a second do. */
async function rowsOf(count, coding) {
  const [begin, before] = [performance.now(), cpuOf()];
  let bytes = 0;
  for (let at = 0; at < count; at += 100_000) {
    const page = await ask(`/api/devices/van-2/route?${period(at, Math.min(count, at + 100_000) - 1)}&format=rows&limit=100000`, coding);
    bytes += page.length;
  }
  return { megabytes: bytes / 1e6, seconds: (performance.now() - begin) / 1_000, cpu: cpuOf() - before };
}

// Ticks of 10 ms, behind the name in brackets.
function cpuOf() {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function framesWhile(page, work) {
  await page.evaluate(() => {
    window.frames_ = [];
    window.isCounting = true;
    let last = performance.now();
    requestAnimationFrame(function step(now) {
      window.frames_.push(now - last);
      last = now;
      if (window.isCounting) { requestAnimationFrame(step); }
    });
  });
  await work();
  const frames = await page.evaluate(() => { window.isCounting = false; return window.frames_.slice(2); });
  const sorted = frames.toSorted((a, b) => a - b);
  return { count: sorted.length, median: sorted[Math.floor(sorted.length / 2)], p95: sorted[Math.floor(sorted.length * 0.95)], longest: sorted.at(-1) };
}

async function pan(page) {
  const box = await page.locator('.history-map').boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const frames = await framesWhile(page, async () => {
    for (let step = 0; step < 120; step++) {
      await page.mouse.move(x + 120 * Math.sin(step / 12), y + 60 * Math.cos(step / 12));
    }
  });
  await page.mouse.up();
  await page.waitForTimeout(500);
  return frames;
}

async function zoomIn(page, steps) {
  const box = await page.locator('.history-map').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let step = 0; step < steps; step++) {
    await page.mouse.wheel(0, -300);
    await page.waitForTimeout(400);
  }
}

async function play(page) {
  await page.selectOption('[name=rate]', '60');
  await page.locator('text=Follow').first().click();
  await page.click('text=Play');
  const frames = await framesWhile(page, () => page.waitForTimeout(4_000));
  await page.click('text=Pause');
  return frames;
}
