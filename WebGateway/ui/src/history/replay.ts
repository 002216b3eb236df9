/** The replay's clock: true to the time of the positions, so many times faster. Framework-free; who shows it calls `tick` each frame. */
export class Replay {
  private readonly listeners = new Set<() => void>();
  private last: number | null = null;
  private from = 0;
  private to = 0;
  moment = 0;
  rate = 10;
  isPlaying = false;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  get begin(): number {
    return this.from;
  }

  get end(): number {
    return this.to;
  }

  /** What is replayed, ms; the moment stays where it is when that is inside. */
  setSpan(from: number, to: number): void {
    if (from !== this.from || to !== this.to) {
      [this.from, this.to] = [from, to];
      this.moment = this.moment >= from && this.moment <= to ? this.moment : from;
      this.tell();
    }
  }

  setRate(rate: number): void {
    this.rate = rate;
    this.tell();
  }

  /** Plays, from the beginning when it stands at the end. */
  play(): void {
    if (this.to > this.from) {
      this.moment = this.moment >= this.to ? this.from : this.moment;
      this.isPlaying = true;
      this.last = null;
      this.tell();
    }
  }

  pause(): void {
    this.isPlaying = false;
    this.tell();
  }

  seek(moment: number): void {
    this.moment = Math.min(this.to, Math.max(this.from, moment));
    this.tell();
  }

  /** Goes on to a time of the frames' clock, ms. A page that was hidden for a while goes on where it was. */
  tick(now: number): void {
    if (!this.isPlaying) {
      return;
    }
    const passed = this.last === null ? 0 : Math.min(1_000, now - this.last);
    this.last = now;
    this.moment += passed * this.rate;
    if (this.moment >= this.to) {
      this.moment = this.to;
      this.isPlaying = false;
    }
    this.tell();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) {
      listener();
    }
  }
}
