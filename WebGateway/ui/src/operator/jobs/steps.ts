import type { RequestStatus } from '@artmqtt/client';

/** What an operator makes of a job; cancelling is for dispatchers. */
export const nextStatus: Partial<Record<RequestStatus, RequestStatus>> = {
  assigned: 'en_route',
  en_route: 'arrived',
  arrived: 'in_progress',
  in_progress: 'completed',
};

const order: readonly RequestStatus[] = ['in_progress', 'arrived', 'en_route', 'assigned'];

/** What is under way before what waits, else as they come. */
export const inOrder = <J extends { readonly status: RequestStatus }>(jobs: readonly J[]): J[] =>
  [...jobs].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));

/** Whether a person is asked first: nothing can follow it. */
export const needsConfirmation = (status: RequestStatus): boolean => status === 'completed';
