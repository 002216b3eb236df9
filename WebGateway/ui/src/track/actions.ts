import { element, setText } from './elements';
import type { Contact } from './gateway';
import type { Notifier } from './notifier';
import { words } from './words';

/** The buttons that call or write to the service, and the one for notifications. */
export class Actions {
  private readonly row = element('actions');
  private readonly notify = element<HTMLButtonElement>('notify');
  private contact: Contact | null = null;
  private isOffered = false;
  private hasAsked = false;

  /** @param isCustomer Who only looks on has nobody to call. */
  constructor(private readonly notifier: Notifier, private readonly isCustomer: boolean) {
    this.notify.addEventListener('click', async () => {
      this.hasAsked = true;
      await notifier.ask();
      this.show();
    });
  }

  /** How the service is reached; null when it did not say. */
  showContact(contact: Contact | null): void {
    this.contact = this.isCustomer ? contact : null;
    this.show();
  }

  /** Shows the buttons while the request runs. */
  offer(isOffered: boolean): void {
    this.isOffered = isOffered;
    this.show();
  }

  private show(): void {
    const { isPossible, isAllowed, isBlocked } = this.notifier;
    setLink('call', this.contact?.phoneNumber ? `tel:${this.contact.phoneNumber}` : null);
    setLink('message', this.contact?.messageUrl ?? null);
    // Who said no once, somewhere else, is not told again.
    this.notify.hidden = !isPossible || (isBlocked && !this.hasAsked);
    this.notify.disabled = isAllowed || isBlocked;
    setText('notify-text', isAllowed ? words.notifyOn : words.notify);
    element('notify-note').hidden = !this.hasAsked || !(isBlocked || isAllowed);
    setText('notify-note', isBlocked ? words.notifyDenied : words.notifyNote);
    this.row.hidden = !this.isOffered || [...this.row.children].every(child => (child as HTMLElement).hidden);
  }
}

function setLink(id: string, address: string | null): void {
  const link = element<HTMLAnchorElement>(id);
  link.hidden = address === null;
  if (address !== null) {
    link.href = address;
    // A chat in the browser must not replace the map.
    link.target = address.startsWith('https:') ? '_blank' : '';
  }
}
