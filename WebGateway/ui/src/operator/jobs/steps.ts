import type { RequestStatus } from '@artmqtt/client';

/** What an operator makes of a job; cancelling is for dispatchers. */
export const nextStatus: Partial<Record<RequestStatus, RequestStatus>> = {
  assigned: 'en_route',
  en_route: 'arrived',
  arrived: 'in_progress',
  in_progress: 'completed',
};

/** Whether a person is asked first: nothing can follow it. */
export const needsConfirmation = (status: RequestStatus): boolean => status === 'completed';
