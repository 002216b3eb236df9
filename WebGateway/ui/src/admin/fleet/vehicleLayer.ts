import { Mercator, palette, type MapView } from '@artmqtt/element/map';
import { glideMs, type Vehicle } from './fleet';
import { stateOf, type StateColours } from './vehicleState';

const floatsPerVehicle = 9;

const vertexSource = `#version 300 es
uniform vec2 size;
uniform vec2 shift;
uniform float scale;
uniform float clock;
uniform float diameter;
layout(location=0) in vec2 before;
layout(location=1) in vec2 after;
layout(location=2) in float start;
layout(location=3) in float heading;
layout(location=4) in vec3 colour;
out float turn;
out vec3 fill;
void main() {
  vec2 pixel = mix(before, after, clamp((clock - start) / ${(glideMs / 1_000).toFixed(1)}, 0.0, 1.0)) * scale + shift;
  gl_Position = vec4(pixel.x / size.x * 2.0 - 1.0, 1.0 - pixel.y / size.y * 2.0, 0.0, 1.0);
  gl_PointSize = diameter;
  turn = heading;
  fill = colour;
}`;

const fragmentSource = `#version 300 es
precision mediump float;
uniform vec3 edge;
in float turn;
in vec3 fill;
out vec4 colour;
void main() {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  float r = length(p);
  float cover = 1.0 - smoothstep(0.88, 1.0, r);
  if (cover <= 0.0) { discard; }
  vec3 shade = mix(fill, edge, smoothstep(0.68, 0.76, r));
  if (turn > -900.0) {
    float c = cos(radians(turn)), s = sin(radians(turn));
    vec2 q = vec2(c * p.x + s * p.y, -s * p.x + c * p.y);
    float arrow = step(abs(q.x), 0.36 * (q.y + 0.56)) * step(q.y, 0.34);
    shade = mix(shade, edge, arrow * step(r, 0.68));
  }
  colour = vec4(shade * cover, cover);
}`;

/**
 * Vehicles on a canvas of their own above the map, moved between their places by the graphics processor: a frame costs a
 * few numbers, however many vehicles there are, and no frame redraws the map.
 */
export class VehicleLayer {
  private readonly canvas = document.createElement('canvas');
  private readonly gl: WebGL2RenderingContext;
  private readonly program: WebGLProgram;
  private readonly buffer: WebGLBuffer;
  private readonly at: Record<string, WebGLUniformLocation | null>;
  private origin = { x: 0, y: 0 };
  private epoch = 0;
  private count = 0;

  /** @throws Error where there is no WebGL 2. */
  constructor(container: HTMLElement, private readonly view: MapView, private readonly colours: StateColours) {
    this.canvas.className = 'fleet-layer';
    const gl = this.canvas.getContext('webgl2', { premultipliedAlpha: true, antialias: false });
    if (!gl) {
      throw new Error('No WebGL 2.');
    }
    this.gl = gl;
    this.program = link(gl);
    this.buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    [[0, 2, 0], [1, 2, 8], [2, 1, 16], [3, 1, 20], [4, 3, 24]].forEach(([index, length, offset]) => {
      gl.enableVertexAttribArray(index!);
      gl.vertexAttribPointer(index!, length!, gl.FLOAT, false, floatsPerVehicle * 4, offset!);
    });
    this.at = Object.fromEntries(['size', 'shift', 'scale', 'clock', 'diameter', 'edge']
      .map(name => [name, gl.getUniformLocation(this.program, name)]));
    container.append(this.canvas);
  }

  /** Takes the vehicles to show from now on; after each change of them. */
  set(vehicles: readonly Vehicle[], now: number): void {
    // Numbers of single precision, so near the middle of the map and near this moment.
    this.origin = Mercator.point(this.view.centre());
    this.epoch = now;
    const wall = Date.now();
    const data = new Float32Array(vehicles.length * floatsPerVehicle);
    vehicles.forEach(({ from, now: to, since }, i) => {
      const [a, b] = [this.near(Mercator.point(from)), this.near(Mercator.point(to))];
      data.set([
        a.x, a.y, b.x, b.y, Math.max(-60, (since - now) / 1_000), to.speed !== null && to.speed < 0.7 ? -999 : to.heading ?? -999,
        ...this.colours.of(stateOf(to, wall)),
      ], i * floatsPerVehicle);
    });
    this.count = vehicles.length;
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffer);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, data, this.gl.DYNAMIC_DRAW);
  }

  /** Draws one frame. */
  draw(now: number): void {
    const { gl, at } = this;
    const { width, height } = this.view.size();
    const ratio = devicePixelRatio;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      [this.canvas.width, this.canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    }
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (this.count === 0) {
      return;
    }
    const scale = Mercator.pixels(this.view.zoom());
    const centre = Mercator.point(this.view.centre());
    gl.useProgram(this.program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.uniform2f(at.size!, width, height);
    gl.uniform2f(at.shift!, (this.origin.x - centre.x) * scale + width / 2, (this.origin.y - centre.y) * scale + height / 2);
    gl.uniform1f(at.scale!, scale);
    gl.uniform1f(at.clock!, (now - this.epoch) / 1_000);
    gl.uniform1f(at.diameter!, diameterAt(this.view.zoom()) * ratio);
    gl.uniform3fv(at.edge!, palette().trailEdge === '#ffffff' ? [1, 1, 1] : [0.06, 0.08, 0.1]);
    gl.drawArrays(gl.POINTS, 0, this.count);
  }

  // The short way around: a vehicle just beyond the date line is near.
  private near({ x, y }: { x: number; y: number }): { x: number; y: number } {
    const dx = x - this.origin.x;
    return { x: dx - Math.round(dx), y: y - this.origin.y };
  }
}

/** Diameter of a vehicle, px. */
export const diameterAt = (zoom: number): number => Math.min(26, Math.max(9, 9 + (zoom - 8) * 2.2));

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [[gl.VERTEX_SHADER, vertexSource], [gl.FRAGMENT_SHADER, fragmentSource]] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) {
      throw new Error(gl.getShaderInfoLog(shader) ?? 'A shader does not compile.');
    }
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return program;
}
