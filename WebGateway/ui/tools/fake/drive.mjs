// A vehicle on its way: one position each two seconds, told to all who listen.
const metresPerDegree = 111_195;

export class Drive {
  status = { status: 'en_route', at: Date.now() - 240_000, by: 'dispatcher' };
  operator = null;
  isSilent = false;
  eta = null;
  sequence = 0;
  passed = [];
  listeners = new Set();
  #way;
  #along = 0;

  constructor(way, start) {
    this.#way = way;
    const now = Date.now();
    for (; this.#along < start; this.#along += 20) {
      this.passed.push({ ...this.#position(), timestamp: now - (start - this.#along) / 10 * 1_000 });
    }
    this.expect(540);
    this.step();
    this.timer = setInterval(() => this.isSilent || this.step(), 2_000);
  }

  step() {
    this.operator = { ...this.#position(), timestamp: Date.now() };
    this.passed.push(this.operator);
    this.#along += 20;
    this.tell('operator:location', this.operator);
  }

  /** Says when it arrives, in seconds, and how much later that is than was said first. */
  expect(etaSeconds, delayedSeconds) {
    const computedAt = Date.now();
    this.eta = {
      etaSeconds, etaAt: computedAt + etaSeconds * 1_000, distanceMeters: Math.round(etaSeconds * 10),
      low: Math.round(etaSeconds * 0.75), high: Math.round(etaSeconds * 1.4), source: 'history', computedAt,
      ...(delayedSeconds && { delayedSeconds }),
    };
    this.tell('request:eta', this.eta);
  }

  setStatus(status) {
    this.status = { status, at: Date.now(), by: 'dispatcher' };
    this.eta = status === 'en_route' ? this.eta : null;
    this.tell('request:status:updated', this.status);
  }

  tell(name, data) {
    this.sequence++;
    this.listeners.forEach(listener => listener(name, { epoch: 'fake', seq: this.sequence, ...data }));
  }

  get mayShow() {
    return !['pending', 'completed', 'cancelled'].includes(this.status.status);
  }

  #position() {
    let left = this.#along;
    for (let i = 1; i < this.#way.length; i++) {
      const [from, to] = [this.#way[i - 1], this.#way[i]];
      const north = (to[1] - from[1]) * metresPerDegree;
      const east = (to[0] - from[0]) * metresPerDegree * Math.cos(from[1] * Math.PI / 180);
      const length = Math.hypot(north, east);
      if (left <= length) {
        const share = length === 0 ? 0 : left / length;
        return {
          lat: from[1] + (to[1] - from[1]) * share, lng: from[0] + (to[0] - from[0]) * share,
          heading: (Math.atan2(east, north) * 180 / Math.PI + 360) % 360, speed: 10, accuracy: 8,
        };
      }
      left -= length;
    }
    const [lng, lat] = this.#way.at(-1);
    return { lat, lng, heading: 0, speed: 0, accuracy: 8 };
  }
}
