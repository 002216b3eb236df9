import { useEffect, useState } from 'react';

const lookEveryMs = 3_600_000;

/** Registers the service worker. Gives what changes to a new version of the page when one is there, else null. */
export function useNewVersion(): (() => void) | null {
  const [waiting, setWaiting] = useState<ServiceWorker | null>(null);
  useEffect(() => {
    const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    if (workers === undefined) {
      return undefined;
    }
    let timer: ReturnType<typeof setInterval> | undefined;
    // The first worker of all takes over a page that is of its version already.
    let isFirst = workers.controller === null;
    const changed = () => {
      if (!isFirst) {
        location.reload();
      }
      isFirst = false;
    };
    workers.addEventListener('controllerchange', changed);
    void workers.register('/operator-sw.js', { scope: '/operator', updateViaCache: 'none' }).then(registration => {
      const look = (worker: ServiceWorker | null) => {
        const tell = () => worker?.state === 'installed' && workers.controller !== null && setWaiting(worker);
        worker?.addEventListener('statechange', tell);
        tell();
      };
      look(registration.waiting);
      registration.addEventListener('updatefound', () => look(registration.installing));
      timer = setInterval(() => void registration.update().catch(() => undefined), lookEveryMs);
    }).catch(() => undefined); // without it the page works, but does not open offline
    return () => {
      clearInterval(timer);
      workers.removeEventListener('controllerchange', changed);
    };
  }, []);
  return waiting && (() => waiting.postMessage('activate'));
}
