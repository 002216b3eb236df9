import type { EtaUpdate, RequestStatus } from '@artmqtt/client';
import { formatMinutes } from './formats';
import { fill, words } from './words';

/** So near, ms, it is said once that the operator is almost there. */
const almost = 2 * 60_000;

/** Who is told. */
export interface NewsParts {
  /** Is read out to who does not see the page's card change. */
  readonly announce: (text: string) => void;
  /** Reaches who does not look at the page. */
  readonly notify: (title: string, body: string) => void;
  readonly isHidden: () => boolean;
}

/** What the visitor is told beside what the page shows: changes of the status, and that it will not be long. */
export class News {
  private status: RequestStatus | null = null;
  private hasSaidAlmost = false;

  constructor(private readonly parts: NewsParts) {}

  tellStatus(status: RequestStatus, headline: string, detail: string): void {
    if (status === this.status) {
      return;
    }
    // What the page opens with is no change.
    const isChange = this.status !== null;
    this.status = status;
    this.tell(headline, detail, isChange);
  }

  /** Called often. `now`: the server's time, ms since 1970. */
  tellEta(eta: EtaUpdate | null, now: number): void {
    if (this.hasSaidAlmost || eta === null || this.status !== 'en_route' || eta.etaAt - now > almost) {
      return;
    }
    this.hasSaidAlmost = true;
    const minutes = Math.max(1, Math.ceil((eta.etaAt - now) / 60_000 - 0.25));
    this.tell(words.almostThere, fill(words.almostThereDetail, { minutes: formatMinutes(minutes) }), true);
  }

  private tell(headline: string, detail: string, mayNotify: boolean): void {
    this.parts.announce(`${headline}. ${detail}`);
    if (mayNotify && this.parts.isHidden()) {
      this.parts.notify(headline, detail);
    }
  }
}
