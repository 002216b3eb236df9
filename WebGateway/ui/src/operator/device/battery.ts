/** How full the battery is. */
export interface Battery {
  /** 0 to 100. */
  readonly percent: number;
  readonly isCharging: boolean;
}

interface BatteryManager extends EventTarget {
  readonly level: number;
  readonly charging: boolean;
}

/** Below this, and not charging, positions are measured and sent less often. */
const lowPercent = 15;
const lowStretch = 4;

/** Tells the battery at once and when it changes; never where the browser does not say (Safari, Firefox). */
export async function watchBattery(onChange: (battery: Battery) => void): Promise<void> {
  const manager = await (navigator as { getBattery?: () => Promise<BatteryManager> }).getBattery?.().catch(() => undefined);
  const tell = () => manager && onChange({ percent: Math.round(manager.level * 100), isCharging: manager.charging });
  manager?.addEventListener('levelchange', tell);
  manager?.addEventListener('chargingchange', tell);
  tell();
}

export const isLow = (battery: Battery | null): boolean =>
  battery !== null && !battery.isCharging && battery.percent < lowPercent;

/** By how much the interval grows. */
export const stretch = (battery: Battery | null): number => isLow(battery) ? lowStretch : 1;
