import { shortOf } from '../parts/texts';

/** A connection, as GET /api/clients tells. */
export interface Client {
  readonly id: string;
  readonly clientId: string;
  readonly node: string;
  readonly kind: string;
  readonly connectedAt: string;
  readonly deviceId: string | null;
  readonly requestId: string | null;
  readonly subject: string | null;
  readonly tenant: string | null;
  readonly address: string;
  readonly protocol: string;
  readonly agent: string;
  readonly subscriptions: number;
  readonly queued: number;
}

export interface ClientPage {
  readonly ways: readonly string[];
  readonly total: number;
  readonly items: readonly Client[];
  readonly isComplete: boolean;
  /** Nodes that did not answer. */
  readonly silent: readonly string[];
}

/** Who it is, in a word: the device, the person, or the beginning of the request. */
export const whoOf = ({ deviceId, subject, requestId }: Client): string | null =>
  deviceId ?? subject ?? (requestId === null ? null : shortOf(requestId));
