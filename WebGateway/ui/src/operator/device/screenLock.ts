/** Whether the screen is kept on: `held`, `free`, or that this browser cannot, or does not want to (a low battery). */
export type ScreenState = 'held' | 'free' | 'unsupported' | 'denied';

/** Keeps the screen on while it is wanted. The system lets go whenever the page is hidden; this takes it again. */
export class ScreenLock {
  private isWanted = false;
  private lock: WakeLockSentinel | null = null;

  constructor(
    private readonly onState: (state: ScreenState) => void,
    private readonly wakeLock: WakeLock | undefined = (navigator as { wakeLock?: WakeLock }).wakeLock) {
    document.addEventListener('visibilitychange', () => void this.update());
  }

  want(isWanted: boolean): void {
    this.isWanted = isWanted;
    void this.update();
  }

  private async update(): Promise<void> {
    if (!this.isWanted) {
      await this.lock?.release();
      this.lock = null;
      this.onState('free');
    } else if (this.wakeLock === undefined) {
      this.onState('unsupported');
    } else if (document.visibilityState === 'visible' && (this.lock === null || this.lock.released)) {
      await this.take(this.wakeLock);
    }
  }

  private async take(wakeLock: WakeLock): Promise<void> {
    try {
      this.lock = await wakeLock.request('screen');
      this.onState('held');
      if (!this.isWanted) {
        await this.update(); // it was not wanted any more when it came
      }
    } catch {
      this.onState('denied');
    }
  }
}
