import type { Place } from '@artmqtt/client';

/** Pixels from the top left corner of the map. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pixels on each side that are covered by something else. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** An element that stays at its place while the map moves. */
export interface MapMarker {
  moveTo(place: Place): void;
  remove(): void;
}

/** What the page needs from a map; drawn by MapLibre, or on a plain canvas where there is no WebGL 2. */
export interface MapView {
  /** Who made the map, as text. */
  readonly attribution: string;
  addMarker(element: HTMLElement, anchor: 'center' | 'bottom', place: Place): MapMarker;
  setTrail(line: readonly Place[]): void;
  fit(places: readonly Place[], insets: Insets, maxZoom: number, isAnimated: boolean): void;
  project(place: Place): Point;
  size(): { readonly width: number; readonly height: number };
  centre(): Place;
  zoom(): number;
  /** Calls the handler when the user, not the page, moves the map. */
  onUserMove(handler: () => void): void;
  /** Calls the handler after each change of what is in view. */
  onMove(handler: () => void): void;
}
