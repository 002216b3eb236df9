/** How often positions are worth sending: what the server publishes, retained, on `art/devices/{id}/control`. */
export interface Control {
  /** The request the device drives for; null without one. */
  readonly requestId: string | null;
  readonly intervalMs: number;
  readonly minDisplacementM: number;
}

/** The server's defaults, for as long as it has not said anything else. */
export const activeControl = (requestId: string): Control => ({ requestId, intervalMs: 2_000, minDisplacementM: 5 });
export const idleControl: Control = { requestId: null, intervalMs: 30_000, minDisplacementM: 50 };

/** Reads what came from the network; null when it is no control. */
export function readControl(json: string): Control | null {
  try {
    const { requestId, intervalMs, minDisplacementM } = JSON.parse(json) as Record<string, unknown>;
    return isAmount(intervalMs) && intervalMs > 0 && isAmount(minDisplacementM)
      ? { requestId: typeof requestId === 'string' ? requestId : null, intervalMs, minDisplacementM }
      : null;
  } catch {
    return null;
  }
}

const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
