// Pictures of the pages in screenshots/: phone, tablet and desktop size, light and dark. Fails when a page breaks its content security
// policy, logs an error, or asks another host for anything.
// Usage: npm run build && npm run screenshots [name…]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startFakeGateway } from './fake/gateway.mjs';

const folder = join(import.meta.dirname, '../screenshots');
const wanted = process.argv.slice(2);
const sizes = { phone: { width: 390, height: 844 }, tablet: { width: 820, height: 1180 }, desktop: { width: 1280, height: 800 } };
const small = { small: { width: 320, height: 568 }, landscape: { width: 844, height: 390 } };
const softwareGl = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const marker = '[data-testid=operator-marker]';
const live = page => page.waitForSelector(`body[data-connection=live] ${marker}`);
const post = (page, path) => page.request.post(path);

const endedBy = status => async page => {
  await live(page);
  await post(page, `/fake/status?to=${status}`);
  await page.waitForSelector('body[data-connection=ended]');
};
const inLanguage = language => link => link.replace('#', `?lang=${language}#`);
const share = async page => {
  await live(page);
  await page.click('#share-button');
  await page.waitForSelector('#share[data-state=on]');
};
const problem = page => page.waitForSelector('body.has-problem');

const scenes = {
  'en-route': { act: live },
  small: { sizes: small, permissions: ['geolocation'], act: share },
  sharing: { permissions: ['geolocation'], act: share },
  'sharing-denied': { act: async page => {
    await live(page);
    await page.click('#share-button');
    await page.waitForSelector('#share[data-state=denied]');
  } },
  ar: { link: inLanguage('ar'), permissions: ['geolocation', 'notifications'], act: share },
  'ar-completed': { link: inLanguage('ar'), act: endedBy('completed') },
  de: { link: inLanguage('de'), act: live },
  es: { link: inLanguage('es'), act: live },
  'no-map': { mayFail: true, script: 'HTMLCanvasElement.prototype.getContext = () => null', act: async page => {
    await page.waitForSelector('#operator-row:not([hidden])');
  } },
  'no-script': { javaScriptEnabled: false, act: () => undefined },
  'no-streets': { streets: false, act: live },
  late: { act: async page => {
    await live(page);
    await post(page, '/fake/late');
    await page.waitForSelector('#late:not([hidden])');
  } },
  arrived: { act: async page => {
    await live(page);
    await post(page, '/fake/status?to=arrived');
  } },
  completed: { act: endedBy('completed') },
  cancelled: { act: endedBy('cancelled') },
  pending: { act: async page => {
    await post(page, '/fake/status?to=pending');
    await page.waitForSelector('body[data-status=pending]');
  } },
  stale: { act: async page => {
    await live(page);
    await post(page, '/fake/silent');
    await page.waitForSelector(`${marker}[data-stale=true]`);
  } },
  'catching-up': { mayFail: true, act: async page => {
    await live(page);
    await post(page, '/fake/cut');
    await page.waitForSelector('body[data-connection=catching-up]');
  } },
  moved: { act: async (page, { width }) => {
    await live(page);
    await page.waitForTimeout(1_000);
    await page.mouse.move(width / 2, 240);
    await page.mouse.down();
    await page.mouse.move(width / 2 - 80, 330, { steps: 5 });
    await page.mouse.up();
    await page.waitForSelector('#recentre:not([hidden])');
  } },
  'no-webgl': { args: ['--disable-gpu', '--disable-software-rasterizer'], mayFail: true, act: live },
  denied: { link: link => `${link}x`, mayFail: true, act: problem },
  'bad-link': { link: link => link.split('#')[0], act: problem },
  home: { link: () => '/', act: page => page.waitForSelector('[data-health=good]') },
};

mkdirSync(folder, { recursive: true });
const problems = [];
for (const [name, scene] of Object.entries(scenes).filter(([n]) => wanted.length === 0 || wanted.includes(n))) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', ...scene.args ?? softwareGl],
  });
  for (const [size, viewport] of Object.entries(scene.sizes ?? sizes)) {
    for (const colorScheme of ['light', 'dark']) {
      const gateway = await startFakeGateway({ port: 0, streets: scene.streets ?? true });
      const deviceScaleFactor = size === 'phone' ? 2 : 1;
      const context = await browser.newContext({
        viewport, baseURL: gateway.address, deviceScaleFactor, colorScheme, javaScriptEnabled: scene.javaScriptEnabled ?? true,
        geolocation: { latitude: 52.5215, longitude: 13.4068 }, permissions: scene.permissions ?? [],
      });
      const page = await context.newPage();
      const report = text => problems.push(`${name} ${size} ${colorScheme}: ${text}`);
      page.on('console', m => ['error', 'warning'].includes(m.type()) && !scene.mayFail && report(m.text()));
      page.on('pageerror', e => report(e.stack ?? e));
      page.on('request', r => r.url().startsWith(gateway.address) || report(`asked for ${r.url()}`));
      if (scene.script) {
        await page.addInitScript(scene.script);
      }
      await page.goto((scene.link ?? (l => l))(gateway.link));
      try {
        await scene.act(page, viewport);
      } catch (error) {
        report(error.message);
      }
      await page.waitForTimeout(3_500);
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) });
      await context.close();
      gateway.close();
    }
  }
  await browser.close();
}
console.log(problems.length === 0 ? `Pictures in ${folder}` : problems.join('\n'));
process.exitCode = problems.length === 0 ? 0 : 1;
