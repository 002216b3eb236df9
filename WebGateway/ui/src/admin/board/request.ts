import type { Place, RequestStatus } from '@artmqtt/client';

/** A request as the board shows it. */
export interface BoardRequest {
  readonly requestId: string;
  readonly status: RequestStatus;
  readonly deviceId: string | null;
  readonly pickup: Place;
  readonly customerName: string | null;
  readonly note: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly arrivalNoticedAt?: string | null;
}

/** A row of `service_requests` as row changes tell it. */
export interface RequestRow {
  readonly id: string;
  readonly status: RequestStatus;
  readonly device_id: string | null;
  readonly pickup_lat: number;
  readonly pickup_lng: number;
  readonly customer_name: string | null;
  readonly note: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly version: number;
  readonly arrival_noticed_at: string | null;
}

export const ofRow = (row: RequestRow): BoardRequest => ({
  requestId: row.id, status: row.status, deviceId: row.device_id, pickup: { lat: row.pickup_lat, lng: row.pickup_lng },
  customerName: row.customer_name, note: row.note, createdAt: row.created_at, updatedAt: row.updated_at,
  version: row.version, arrivalNoticedAt: row.arrival_noticed_at,
});

/** The columns of the board; what is over shares the last one. */
export const columns = ['pending', 'assigned', 'en_route', 'arrived', 'in_progress', 'over'] as const;
export type Column = typeof columns[number];

export const columnOf = (status: RequestStatus): Column =>
  status === 'completed' || status === 'cancelled' ? 'over' : status;

/** What a dispatcher may make of a request, beside cancelling it; null when that takes an assignment, or nothing follows. */
export const nextOf = (status: RequestStatus): RequestStatus | null => {
  switch (status) {
    case 'assigned': return 'en_route';
    case 'en_route': return 'arrived';
    case 'arrived': return 'in_progress';
    case 'in_progress': return 'completed';
    default: return null;
  }
};
