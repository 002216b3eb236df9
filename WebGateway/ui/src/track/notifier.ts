const workerPath = '/notify-worker.js';
const workerScope = '/t/';

/**
 * Notifications of the browser. Phones show them through a service worker only, so there is one; it is registered when
 * the visitor says yes, answers clicks, and sees no request of any page.
 */
export class Notifier {
  private registration: Promise<ServiceWorkerRegistration> | null = null;

  /** @param tag Of several notifications with the same tag only the last is shown. */
  constructor(private readonly tag: string) {}

  /** Whether it makes sense to ask. */
  get isPossible(): boolean {
    return isSecureContext && 'Notification' in globalThis && 'serviceWorker' in navigator;
  }

  get isAllowed(): boolean {
    return this.isPossible && Notification.permission === 'granted';
  }

  get isBlocked(): boolean {
    return this.isPossible && Notification.permission === 'denied';
  }

  /** Asks the visitor, who has tapped for it. */
  async ask(): Promise<void> {
    await Notification.requestPermission();
    await this.worker();
  }

  async show(title: string, body: string): Promise<void> {
    const { lang, dir } = document.documentElement;
    await (await this.worker())?.showNotification(title, {
      body, lang, dir: dir as NotificationDirection, tag: this.tag, data: location.pathname, icon: '/icon.svg',
    });
  }

  /** Null when notifications are not allowed, or the worker cannot be had now. */
  private async worker(): Promise<ServiceWorkerRegistration | null> {
    if (!this.isAllowed) {
      return null;
    }
    try {
      this.registration ??= navigator.serviceWorker.register(workerPath, { scope: workerScope }).then(activated);
      return await this.registration;
    } catch {
      this.registration = null; // the next time there may be a network
      return null;
    }
  }
}

/** Only an active worker shows notifications. */
function activated(registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration> {
  const worker = registration.installing ?? registration.waiting;
  return registration.active || worker === null ? Promise.resolve(registration) : new Promise((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') {
        resolve(registration);
      } else if (worker.state === 'redundant') {
        reject(new Error('The worker was replaced or could not be installed.'));
      }
    });
  });
}
