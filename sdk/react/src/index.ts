export { TrackingProvider } from './TrackingProvider.js';
export { useRealtimeTracking, type RealtimeTracking } from './useRealtimeTracking.js';
