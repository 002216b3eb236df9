const workerPath = '/notify-worker.js';
const workerScope = '/t/';

/**
 * Notifications of the browser. Phones show them through a service worker only, so there is one; it is registered when
 * the visitor says yes, answers clicks, and sees no request of any page.
 */
export class Notifier {
  private registration: Promise<ServiceWorkerRegistration> | null = null;

  /** @param tag Of several notifications with the same tag only the last is shown. */
  constructor(private readonly tag: string) {
    if (this.isAllowed) {
      this.register();
    }
  }

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
    if (await Notification.requestPermission() === 'granted') {
      this.register();
    }
  }

  async show(title: string, body: string): Promise<void> {
    if (this.isAllowed && this.registration) {
      const { lang, dir } = document.documentElement;
      const worker = await this.registration;
      await worker.showNotification(title, {
        body, lang, dir: dir as NotificationDirection, tag: this.tag, data: location.pathname, icon: '/icon.svg',
      });
    }
  }

  private register(): void {
    this.registration ??= navigator.serviceWorker.register(workerPath, { scope: workerScope }).then(activated);
    this.registration.catch(() => { this.registration = null; }); // the next try may have a network
  }
}

/** Only an active worker shows notifications. */
function activated(registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration> {
  const worker = registration.installing ?? registration.waiting;
  return registration.active || worker === null ? Promise.resolve(registration) : new Promise(resolve => {
    worker.addEventListener('statechange', () => worker.state === 'activated' && resolve(registration));
  });
}
