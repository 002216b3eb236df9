import { lazy, type ComponentType } from 'react';
import type { Api } from './api';

/** What every view gets. */
export interface ViewProps {
  readonly api: Api;
  /** Parameters of the address. */
  readonly params: URLSearchParams;
}

/** A part of the dispatchers' page. */
export interface View {
  /** In the address: `?view=name`. */
  readonly name: string;
  readonly title: string;
  /** Whether it stands in the navigation; otherwise others lead to it, and `under` is marked. */
  readonly under?: string;
  readonly component: ComponentType<ViewProps>;
}

/** All of them, in the order of the navigation. Each is loaded when it is opened. */
export const views: readonly View[] = [
  { name: 'map', title: 'Map', component: lazy(() => import('./fleet/FleetView')) },
  { name: 'requests', title: 'Requests', component: lazy(() => import('./board/BoardView')) },
  { name: 'devices', title: 'Devices', component: lazy(() => import('./devices/DevicesView')) },
  { name: 'device', title: 'Device', under: 'devices', component: lazy(() => import('./devices/DeviceView')) },
  { name: 'clients', title: 'Clients', component: lazy(() => import('./clients/ClientsView')) },
  { name: 'letters', title: 'Dead letters', component: lazy(() => import('./letters/LettersView')) },
  { name: 'events', title: 'Events', component: lazy(() => import('./events/EventsView')) },
  { name: 'shares', title: 'Links', component: lazy(() => import('./shares/SharesView')) },
  { name: 'access', title: 'Access', component: lazy(() => import('./access/AccessView')) },
  { name: 'system', title: 'System', component: lazy(() => import('./system/SystemView')) },
];
