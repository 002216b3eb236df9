import { ArtTracker } from './artTracker.js';

export { ArtTracker } from './artTracker.js';
export { english, type Texts } from './texts.js';

// Not where there is no browser, and not twice when two scripts bring it.
if (globalThis.customElements?.get('art-tracker') === undefined) {
  globalThis.customElements?.define('art-tracker', ArtTracker);
}

declare global {
  interface HTMLElementTagNameMap {
    'art-tracker': ArtTracker;
  }
}
