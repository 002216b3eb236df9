import { element, setText } from './elements';
import { isSharing, type SharingState } from './locationSharing';
import { words } from './words';

/** What the customer reads and taps to share where they are. */
export class SharePanel {
  private readonly panel = element('share');
  private readonly button = element<HTMLButtonElement>('share-button');

  /** @param onTap Switches it on or off. */
  constructor(onTap: () => void) {
    this.button.addEventListener('click', onTap);
    this.show('off');
  }

  show(state: SharingState): void {
    const isOn = isSharing(state);
    this.panel.dataset.state = state;
    this.panel.classList.toggle('is-on', isOn);
    this.button.classList.toggle('is-bad', isOn);
    setText('share-text', isOn ? words.shareStop : words.share);
    setText('share-note', words.sharing[state]);
  }

  offer(isOffered: boolean): void {
    this.panel.hidden = !isOffered;
  }
}
