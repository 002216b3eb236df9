// Opens the operator page without a network. Keeps the files of one build of it and nothing else: no answer of the API,
// no other page. A new build is kept beside the old one and takes over when the person says so, or all pages are closed.
// The build fills in the two constants (tools/operatorShell.mjs).
const version = '__VERSION__';
const shell = __SHELL__;
const page = '/operator';
const cacheName = `${page}-${version}`;

self.addEventListener('install', event => event.waitUntil(keep()));
self.addEventListener('activate', event => event.waitUntil(takeOver()));
self.addEventListener('message', event => event.data === 'activate' && self.skipWaiting());

self.addEventListener('fetch', event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) {
    return;
  }
  if (request.mode === 'navigate' ? pathname === page : shell.includes(pathname)) {
    event.respondWith(find(pathname, request));
  }
});

async function keep() {
  const cache = await caches.open(cacheName);
  await cache.addAll(shell.map(path => new Request(path, { cache: path.startsWith('/assets/') ? 'default' : 'reload' })));
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter(name => name.startsWith(`${page}-`) && name !== cacheName).map(name => caches.delete(name)));
  await self.clients.claim();
}

async function find(pathname, request) {
  const cache = await caches.open(cacheName);
  return await cache.match(pathname) ?? fetch(request);
}
