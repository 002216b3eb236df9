export { CanvasView, type Streets } from './canvasView.js';
export { Follow, needsFit } from './follow.js';
export { metresPerPixel } from './geo.js';
export { gridLines, roundStep } from './grid.js';
export type { Insets, MapMarker, MapView, Point } from './mapView.js';
export { Mercator } from './mercator.js';
export { onPaletteChange, palette, type Palette } from './palette.js';
