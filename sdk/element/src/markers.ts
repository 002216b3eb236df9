const svg = 'http://www.w3.org/2000/svg';

/** The vehicle: an arrow in a circle that turns with the heading, grey when its position is old. */
export class VehicleMarker {
  readonly element = marker('vehicle', '0 0 48 48', ['circle', { cx: 24, cy: 24, r: 19 }], ['path', { d: 'M24 10.5 34 34.5 24 29.5 14 34.5Z' }]);

  turn(heading: number): void {
    this.element.firstElementChild!.setAttribute('transform', `rotate(${heading.toFixed(1)})`);
  }

  showStale(isStale: boolean): void {
    this.element.classList.toggle('is-stale', isStale);
  }
}

/** The pickup point: a pin. */
export const pickupMarker = (): HTMLElement => marker(
  'pickup', '0 0 36 46', ['path', { d: 'M18 44.5C12 35 3 28.5 3 18a15 15 0 0 1 30 0c0 10.5-9 17-15 26.5Z' }],
  ['circle', { cx: 18, cy: 18, r: 5.5 }]);

function marker(name: string, viewBox: string, ...shapes: [string, Record<string, string | number>][]): HTMLElement {
  const element = document.createElement('div');
  element.className = name;
  element.setAttribute('part', name);
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('viewBox', viewBox);
  picture.setAttribute('aria-hidden', 'true');
  for (const [shape, attributes] of shapes) {
    const part = document.createElementNS(svg, shape);
    Object.entries(attributes).forEach(([key, value]) => part.setAttribute(key, String(value)));
    picture.append(part);
  }
  element.append(picture);
  return element;
}
