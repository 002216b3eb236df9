import { palette, type MapView, type Point } from '@artmqtt/element/map';
import type { Cluster } from './clusters';

export interface Label extends Point {
  readonly text: string;
}

/** What is written above the vehicles: how many stand together, and their names when one is near. */
export class Overlay {
  private readonly canvas = document.createElement('canvas');
  private isEmpty = true;

  constructor(container: HTMLElement, private readonly view: MapView) {
    this.canvas.className = 'fleet-layer';
    container.append(this.canvas);
  }

  draw(clusters: readonly Cluster[], labels: readonly Label[], selected: Point | null, accent: string): void {
    const isEmpty = clusters.length === 0 && labels.length === 0 && selected === null;
    if (isEmpty && this.isEmpty) {
      return;
    }
    this.isEmpty = isEmpty;
    const { width, height } = this.view.size();
    const ratio = devicePixelRatio;
    const context = this.canvas.getContext('2d')!;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      [this.canvas.width, this.canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = `600 12px ${getComputedStyle(this.canvas).fontFamily}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const { halo, label } = palette();
    for (const { x, y, count } of clusters) {
      context.beginPath();
      context.arc(x, y, radiusOf(count), 0, 2 * Math.PI);
      context.fillStyle = accent;
      context.globalAlpha = 0.88;
      context.fill();
      context.globalAlpha = 1;
      context.lineWidth = 2;
      context.strokeStyle = halo;
      context.stroke();
      context.fillStyle = '#ffffff';
      context.fillText(count > 9_999 ? `${Math.round(count / 1_000)}k` : String(count), x, y + 0.5);
    }
    context.lineJoin = 'round';
    for (const { x, y, text } of labels) {
      context.lineWidth = 3;
      context.strokeStyle = halo;
      context.strokeText(text, x, y + 24);
      context.fillStyle = label;
      context.fillText(text, x, y + 24);
    }
    if (selected) {
      context.beginPath();
      context.arc(selected.x, selected.y, 20, 0, 2 * Math.PI);
      context.lineWidth = 3;
      context.strokeStyle = accent;
      context.stroke();
    }
  }
}

/** Radius of a cluster, px. */
export const radiusOf = (count: number): number => Math.min(34, 12 + Math.log10(count) * 7);
