/** The colours of the maps we draw ourselves. */
export interface Palette {
  readonly land: string;
  readonly sea: string;
  readonly coast: string;
  readonly border: string;
  readonly label: string;
  readonly halo: string;
  readonly park: string;
  readonly building: string;
  readonly roadEdge: string;
  readonly road: string;
  readonly mainRoad: string;
  readonly roadName: string;
  readonly grid: string;
  readonly trail: string;
  readonly trailEdge: string;
}

const day: Palette = {
  land: '#f1f0eb', sea: '#c9dfea', coast: '#94b9cc', border: '#b3a5b1', label: '#5a5560', halo: '#ffffff',
  park: '#d3e7c6', building: '#e6e1d8',
  roadEdge: '#cabfae', road: '#ffffff', mainRoad: '#ffdf8f', roadName: '#5b5248', grid: '#dcdad4',
  trail: '#1456d9', trailEdge: '#ffffff',
};

const night: Palette = {
  land: '#171e25', sea: '#0d1720', coast: '#2f4a5e', border: '#5b6570', label: '#aab5c0', halo: '#12181e',
  park: '#1b3024', building: '#202830',
  roadEdge: '#0f151a', road: '#414e5b', mainRoad: '#75653c', roadName: '#c3ccd5', grid: '#28323b',
  trail: '#69a0ff', trailEdge: '#0e141a',
};

// Not at once: whoever only imports this may not be in a browser.
const darkScheme = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');

/** What the device's colour scheme asks for: a bright map at night blinds who waits in the dark. */
export const palette = (): Palette => darkScheme().matches ? night : day;

export const onPaletteChange = (handler: () => void): void => darkScheme().addEventListener('change', handler);
