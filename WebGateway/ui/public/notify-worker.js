// Leads from a notification back to the page that showed it. It answers no requests.
addEventListener('install', () => skipWaiting());
addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(clients.matchAll({ type: 'window', includeUncontrolled: true }).then(pages =>
    pages.find(page => new URL(page.url).pathname === event.notification.data)?.focus()));
});
