import { Chart } from '../parts/Chart';
import type { Sample } from '../parts/chart';
import { duration, tenths } from '../parts/texts';
import type { Part } from './device';
import { texts } from './texts';

// As many as the server cuts a period into.
const parts = 96;

/** What a device reported over a period, in small. */
export function DeviceCharts({ parts: found, from, to }: {
  readonly parts: readonly Part[];
  readonly from: number;
  readonly to: number;
}) {
  const stepMs = (to - from) / parts;
  const samples = (value: (part: Part) => number | null): readonly Sample[] =>
    found.map(part => ({ at: Date.parse(part.from) + stepMs / 2, value: value(part) }));
  const span = { from, to, gap: stepMs * 1.5 };

  return (
    <div className="ops-charts">
      <Chart {...span} title={texts.chartRate} samples={samples(part => part.positions / (stepMs / 60_000))} write={tenths} />
      <Chart {...span} title={texts.chartSpeed} samples={samples(part => part.maxSpeed === null ? null : part.maxSpeed * 3.6)} write={value => `${Math.round(value)} km/h`} />
      <Chart {...span} title={texts.chartBattery} samples={samples(part => part.battery)} write={value => `${Math.round(value)} %`} />
      <Chart {...span} title={texts.chartLag} samples={samples(part => Math.max(0, part.maxLag))} write={duration} />
    </div>
  );
}
