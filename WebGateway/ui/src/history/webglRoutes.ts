import { inView, turnsTo, type Camera } from './camera';
import type { Rgb, RouteColours } from './colours';
import { floatsPerVertex, type Level } from './detailLevels';
import type { LoadedRoute } from './past';
import { edgeWidth, lineWidth, type RoutePainter } from './routePainter';
import type { Colouring } from './wish';

const bytesPerVertex = floatsPerVertex * 4;
/** More lines than this in view have no edges: they are drawn twice else. */
const mostEdged = 20_000;

// A line is two triangles between two vertices; a vertex whose speed is below 0 has no line before it.
const vertexSource = `#version 300 es
uniform vec2 size;
uniform vec2 shift;
uniform float scale;
uniform float halfWidth;
layout(location=0) in vec3 from;
layout(location=1) in vec3 to;
out float speed;
out float across;
float speedOf(float stored) { return stored < 0.0 ? -1.0 - stored : stored; }
void main() {
  vec2 p = from.xy * scale + shift, q = to.xy * scale + shift;
  vec2 way = q - p;
  float far = length(way);
  vec2 along = far > 0.0 ? way / far : vec2(1.0, 0.0);
  vec2 side = vec2(-along.y, along.x);
  float end = float(gl_VertexID & 1), edge = float(gl_VertexID >> 1) * 2.0 - 1.0;
  vec2 pixel = mix(p - along * halfWidth * 0.5, q + along * halfWidth * 0.5, end) + side * edge * halfWidth;
  gl_Position = to.z < 0.0 ? vec4(2.0, 2.0, 2.0, 1.0)
    : vec4(pixel.x / size.x * 2.0 - 1.0, 1.0 - pixel.y / size.y * 2.0, 0.0, 1.0);
  speed = mix(speedOf(from.z), speedOf(to.z), end);
  across = edge * halfWidth;
}`;

const fragmentSource = `#version 300 es
precision highp float;
uniform vec3 stops[5];
uniform vec4 own;
uniform float halfWidth;
in float speed;
in float across;
out vec4 colour;
float part(float low, float high) { return clamp((speed * 3.6 - low) / (high - low), 0.0, 1.0); }
void main() {
  vec3 scale = mix(mix(mix(mix(stops[0], stops[1], part(0.0, 20.0)), stops[2], part(20.0, 50.0)), stops[3], part(50.0, 90.0)), stops[4], part(90.0, 130.0));
  // Smooth sides, without what several samples a pixel would cost.
  float cover = clamp(halfWidth - abs(across) + 0.5, 0.0, 1.0);
  colour = vec4(mix(scale, own.rgb, own.a) * cover, cover);
}`;

interface Uploaded {
  readonly buffer: WebGLBuffer;
  capacity: number;
  count: number;
}

/** Routes on a canvas of their own above the map: what was loaded is in the graphics processor, a frame is a few numbers. */
export class WebglRoutes implements RoutePainter {
  private readonly canvas = document.createElement('canvas');
  private readonly gl: WebGL2RenderingContext;
  private readonly at: Record<string, WebGLUniformLocation | null>;
  private readonly uploads = new Map<Level, Uploaded>();

  /** @throws Error where there is no WebGL 2. */
  constructor(container: HTMLElement) {
    this.canvas.className = 'history-layer';
    const gl = this.canvas.getContext('webgl2', { premultipliedAlpha: true, antialias: false });
    if (!gl) {
      throw new Error('No WebGL 2.');
    }
    this.gl = gl;
    const program = link(gl);
    gl.useProgram(program);
    this.at = Object.fromEntries(['size', 'shift', 'scale', 'halfWidth', 'stops', 'own'].map(name => [name, gl.getUniformLocation(program, name)]));
    [0, 1].forEach(place => {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribDivisor(place, 1);
    });
    container.append(this.canvas);
  }

  draw(camera: Camera, routes: readonly LoadedRoute[], colouring: Colouring, colours: RouteColours): void {
    const { gl, at } = this;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(camera.width * ratio), Math.round(camera.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      [this.canvas.width, this.canvas.height] = [width, height];
    }
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.uniform2f(at.size!, camera.width, camera.height);
    gl.uniform1f(at.scale!, camera.scale);
    gl.uniform3fv(at.stops!, colours.speeds.flat());
    const shown = routes.filter(({ track }) => track.length > 1).map(route => {
      const level = route.levels.for(camera.zoom);
      const turns = turnsTo(camera, route.track.xs[0]!);
      const { west, north, east, south } = inView(camera, lineWidth * 2);
      return { route, level, turns, runs: level.runsIn(west - turns, north, east - turns, south) };
    });
    const lines = shown.reduce((sum, { runs }) => sum + runs.reduce((all, { count }) => all + count, 0), 0);
    for (const isEdge of lines > mostEdged ? [false] : [true, false]) {
      for (const { route, level, turns, runs } of shown) {
        const own: Rgb | null = isEdge ? colours.edge : colouring === 'vehicle' ? colours.ofVehicle(route.index) : null;
        gl.uniform4f(at.own!, own?.[0] ?? 0, own?.[1] ?? 0, own?.[2] ?? 0, own ? 1 : 0);
        gl.uniform1f(at.halfWidth!, lineWidth / 2 + (isEdge ? edgeWidth : 0));
        gl.uniform2f(at.shift!,
          (route.track.xs[0]! + turns - camera.x) * camera.scale + camera.width / 2,
          (route.track.ys[0]! - camera.y) * camera.scale + camera.height / 2);
        gl.bindBuffer(gl.ARRAY_BUFFER, this.upload(level));
        for (const { start, count } of runs) {
          [0, 1].forEach(place =>
            gl.vertexAttribPointer(place, floatsPerVertex, gl.FLOAT, false, bytesPerVertex, (start + place) * bytesPerVertex));
          gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count - 1);
        }
      }
    }
  }

  forget(routes: readonly LoadedRoute[]): void {
    for (const route of routes) {
      for (const level of route.levels.all) {
        const upload = this.uploads.get(level);
        if (upload) {
          this.gl.deleteBuffer(upload.buffer);
          this.uploads.delete(level);
        }
      }
    }
  }

  // What has come since the last time. The last vertex may have been another one then.
  private upload(level: Level): WebGLBuffer {
    const { gl } = this;
    let upload = this.uploads.get(level);
    if (!upload) {
      upload = { buffer: gl.createBuffer(), capacity: 0, count: 0 };
      this.uploads.set(level, upload);
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, upload.buffer);
    if (upload.capacity < level.vertices.length) {
      upload.capacity = level.vertices.length;
      gl.bufferData(gl.ARRAY_BUFFER, level.vertices, gl.DYNAMIC_DRAW);
    } else if (upload.count < level.length) {
      const first = Math.max(0, upload.count - 1);
      gl.bufferSubData(gl.ARRAY_BUFFER, first * bytesPerVertex, level.vertices, first * floatsPerVertex, (level.length - first) * floatsPerVertex);
    }
    upload.count = level.length;
    return upload.buffer;
  }
}

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
