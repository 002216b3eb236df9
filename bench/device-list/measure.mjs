// Asks for the list of devices as the page does, and looks at the page; started by bench/device-list/run.
// Usage: node measure.mjs ADDRESS TOKEN-FILE DEVICES RESULTS-FOLDER
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [address, tokenFile, devicesText, results] = process.argv.slice(2);
const devices = Number(devicesText);
const token = readFileSync(tokenFile, 'utf8').trim();
const rounds = 21;
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const middle = `truck-${String(Math.floor(devices / 2)).padStart(5, '0')}`;

async function ask(query) {
  const started = performance.now();
  const answer = await fetch(`${address}/api/device-health${query}`, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${query}: ${answer.status} ${text}`);
  }
  return { ms: performance.now() - started, bytes: text.length, page: JSON.parse(text) };
}

const calls = [];
for (const [name, query, check] of [
  ['first page, with the counts', '', page => page.items.length === Math.min(100, devices) && page.counts.all === devices],
  ['a page from the middle', `?after=${middle}`, page => page.items.length > 0],
  ['500 at once', '?limit=500', page => page.items.length === Math.min(500, devices)],
  ['search, one found', `?search=${middle}`, page => page.items.length === 1],
  ['search in names, many found', '?search=augsburg', page => page.items.length > 10],
  ['search, none found', '?search=nobody', page => page.items.length === 0],
  ['the online ones', '?state=online', page => page.items.length > 10],
  ['the silent ones', '?state=silent', page => page.items.length > 10],
  ['the disabled ones', '?state=disabled', page => page.items.length > 10],
  ['low battery', '?state=low_battery', page => page.items.length > 10],
]) {
  const asked = [];
  for (let round = 0; round < rounds; round++) {
    const answer = await ask(query);
    if (!check(answer.page)) {
      throw new Error(`${name}: not what was expected: ${JSON.stringify(answer.page).slice(0, 300)}`);
    }
    asked.push(answer);
  }
  const times = asked.slice(1).map(({ ms }) => ms);
  calls.push({ name, ms: median(times), longest: Math.max(...times), bytes: asked[0].bytes, devices: asked[0].page.items.length });
}
const started = performance.now();
let pages = 0, bytes = 0, seen = 0;
for (let after = ''; after !== null; pages++) {
  const answer = await ask(`?limit=500${after === '' ? '' : `&after=${after}`}`);
  [bytes, seen, after] = [bytes + answer.bytes, seen + answer.page.items.length, answer.page.next];
}
if (seen !== devices) {
  throw new Error(`${seen} of ${devices} devices in all pages`);
}
const all = { pages, bytes, seconds: (performance.now() - started) / 1_000 };

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
const page = await context.newPage();
await page.addInitScript(value => sessionStorage.setItem('artmqtt.token', value), token);
const session = await context.newCDPSession(page);
await session.send('Network.enable');
let received = 0;
session.on('Network.loadingFinished', ({ encodedDataLength }) => { received += encodedDataLength; });
const rowsAre = count => page.waitForFunction(wanted => document.querySelectorAll('tbody tr').length === wanted, count, { polling: 'raf' });
const timed = async work => {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
};
const shown = { open: [], more: [], search: [] };
for (let round = 0; round < 5; round++) {
  shown.open.push(await timed(async () => {
    await page.goto(`${address}/admin?view=devices`);
    await rowsAre(Math.min(100, devices));
  }));
}
received = 0;
await page.reload();
await rowsAre(Math.min(100, devices));
const reloadBytes = received;
for (let count = 200; count <= Math.min(1_000, devices); count += 100) {
  shown.more.push(await timed(async () => {
    await page.click('button:text-is("Show more")');
    await rowsAre(count);
  }));
}
for (let round = 0; round < 5; round++) {
  shown.search.push(await timed(async () => {
    await page.fill('input[type=search]', middle);
    await rowsAre(1);
  }));
  await page.fill('input[type=search]', '');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length > 1);
}
await browser.close();

const number = (value, digits = 1) => value.toLocaleString('en', { maximumFractionDigits: digits });
const of = values => values.length === 0 ? '–' : `${number(median(values), 0)} (${number(Math.max(...values), 0)})`;
writeFileSync(join(results, 'device-list.json'), `${JSON.stringify({ devices, calls, all, shown, reloadBytes }, null, 2)}\n`);
writeFileSync(join(results, 'device-list.md'), `# The list of devices

Written by \`bench/device-list/run\` on ${new Date().toISOString().slice(0, 10)}: ${number(devices)} devices, 361 positions of the last hour of each that reports; database, node and
browser on one machine. Milliseconds: median, in brackets the longest. [What the figures mean](../README.md#the-list-of-devices).

| \`GET /api/device-health\` | ms | devices | KB |
| --- | ---: | ---: | ---: |
${calls.map(call => `| ${call.name} | ${number(call.ms)} (${number(call.longest)}) | ${call.devices} | ${number(call.bytes / 1_000)} |`).join('\n')}
| all, 500 a page | ${number(1_000 * all.seconds, 0)} for ${all.pages} pages | ${number(devices)} | ${number(all.bytes / 1_000)} |

| the page in Chromium | ms |
| --- | ---: |
| opened five times, the first without a cache: to a hundred rows | ${of(shown.open)} |
| *Show more*, up to a thousand rows | ${of(shown.more)} |
| typed into the search, one found | ${of(shown.search)} |

Opening it again moves ${number(reloadBytes / 1_000)} KB.
`);
console.log(readFileSync(join(results, 'device-list.md'), 'utf8'));
