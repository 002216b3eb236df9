import type { PositionToSend, TrackingSnapshot } from '@artmqtt/client';
import { useCallback, useSyncExternalStore } from 'react';
import { useTrackingClient } from './TrackingProvider.js';

/** What is known of a request, and what can be done about it. */
export interface RealtimeTracking extends TrackingSnapshot {
  /** Why nothing comes any more, or null: the link is not valid (any more). Everything else heals by itself. */
  readonly error: 'denied' | null;
  /**
   * Sends a position of the customer; resolves when it is durable.
   * @throws SendError when it is refused, or nobody could be reached.
   */
  readonly sendCustomerLocation: (position: PositionToSend) => Promise<void>;
}

/** Follows a request live for as long as the component is mounted. All hooks below one provider share a connection. */
export function useRealtimeTracking(requestId: string): RealtimeTracking {
  const client = useTrackingClient();
  const subscribe = useCallback((onChange: () => void) => client.subscribe(requestId, onChange), [client, requestId]);
  const snapshot = useSyncExternalStore(
    subscribe, () => client.getSnapshot(requestId), () => client.getSnapshot(requestId));
  const sendCustomerLocation = useCallback(
    (position: PositionToSend) => client.sendCustomerLocation(requestId, position), [client, requestId]);
  return { ...snapshot, error: snapshot.connection === 'denied' ? 'denied' : null, sendCustomerLocation };
}
