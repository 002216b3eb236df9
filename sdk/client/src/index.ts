export type { Access, AccessProbe, Denied } from './access.js';
export { animate, type Animation } from './animate.js';
export type { Clock } from './clock.js';
export { serverSentEvents } from './eventStreamLink.js';
export {
  isFinal, showsOperator,
  type EtaUpdate, type JoinResult, type LiveEventName, type LiveEvents, type LocationUpdate, type PresenceUpdate,
  type RequestStatus, type StatusUpdate,
} from './events.js';
export { Freshness } from './freshness.js';
export { bearing, between, distance, turn, type Place } from './geo.js';
export { Glide, type Fix, type Pose } from './glide.js';
export { signalRLinkOf, type HubLink, type HubLinkFactory, type TokenSource } from './hubLink.js';
export type { Poll, PollResult } from './poll.js';
export {
  RequestWatch, type ConnectionState, type WatchEvents, type WatchParts, type WatchSnapshot,
} from './requestWatch.js';
export type { RouteSource } from './route.js';
export { SendError, type PositionToSend, type Post } from './send.js';
export { Trail, type TimedPlace } from './trail.js';
export { TrackingClient, type TrackingParts, type TrackingSnapshot } from './trackingClient.js';
export { watchRequest } from './watchRequest.js';
