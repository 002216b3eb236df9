import type { TrackingClient } from '@artmqtt/client';
import { createContext, useContext, type ReactNode } from 'react';

const Context = createContext<TrackingClient | null>(null);

/** Gives the components below it one client, and so one connection. */
export function TrackingProvider({ client, children }: { readonly client: TrackingClient; readonly children?: ReactNode }) {
  return <Context.Provider value={client}>{children}</Context.Provider>;
}

/** The client of the nearest provider. */
export function useTrackingClient(): TrackingClient {
  const client = useContext(Context);
  if (client === null) {
    throw new Error('useRealtimeTracking needs a <TrackingProvider client={…}> above it.');
  }
  return client;
}
