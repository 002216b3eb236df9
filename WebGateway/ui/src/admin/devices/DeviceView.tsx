import { useCallback, useMemo } from 'react';
import { go } from '../address';
import { Go } from '../parts/Go';
import { LoadNote } from '../parts/LoadNote';
import './devices.css';
import { ago, duration, tenths, texts as shared, time } from '../parts/texts';
import { useLoad } from '../parts/useLoad';
import type { ViewProps } from '../views';
import { stateOf, type Device, type Timeline } from './device';
import { DeviceActions, type Registration } from './DeviceActions';
import { DeviceCharts } from './DeviceCharts';
import { DeviceTimeline } from './DeviceTimeline';
import { stateWords, texts } from './texts';

const refreshMs = 10_000;

/** One device: how it is doing, what happened to it, and what can be done about it. */
export default function DeviceView({ api, params }: ViewProps) {
  const id = params.get('id') ?? '';
  const known = Number(params.get('hours'));
  const hours = texts.periods[known] === undefined ? 24 : known;
  const path = `/api/device-health/${encodeURIComponent(id)}`;
  const loadTimeline = useCallback(async (signal: AbortSignal) => {
    const to = Date.now();
    const from = to - hours * 3_600_000;
    const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
    return { from, to, timeline: await api.call<Timeline>(`${path}?${query.toString()}`, { signal }) };
  }, [api, path, hours]);
  const loadRegistration = useCallback(
    (signal: AbortSignal) => api.call<Registration>(`/api/devices/${encodeURIComponent(id)}`, { signal }), [api, id]);
  const happened = useLoad(loadTimeline, refreshMs);
  const registration = useLoad(loadRegistration);
  const device = happened.data?.timeline.device;
  const reload = (): void => {
    happened.reload();
    registration.reload();
  };

  return (
    <main className="page">
      <div className="page-top">
        <div>
          <p className="note"><Go view="devices">{texts.back}</Go></p>
          <h1 className="headline ops-break">{device?.name ?? id}</h1>
        </div>
        <label className="field">
          {texts.period}
          <select value={hours} onChange={event => go('device', { id, hours: event.target.value })}>
            {Object.entries(texts.periods).map(([value, word]) => <option key={value} value={value}>{word}</option>)}
          </select>
        </label>
      </div>
      <LoadNote of={happened} isEmpty={false} empty={texts.notFound} />
      {happened.data && device && (
        <>
          <div className="device-top">
            <DeviceValues device={device} registration={registration.data} />
            {registration.data && (
              <DeviceActions api={api} device={registration.data} onChange={reload} onRemove={() => go('devices')} />
            )}
          </div>
          <DeviceCharts parts={happened.data.timeline.parts} from={happened.data.from} to={happened.data.to} />
          <DeviceTimeline deviceId={id} entries={happened.data.timeline.entries} />
        </>
      )}
    </main>
  );
}

function DeviceValues({ device, registration }: { readonly device: Device; readonly registration: Registration | undefined }) {
  const now = Date.now();
  const state = stateOf(device, now);
  const rows = useMemo(() => [
    [texts.device, device.deviceId],
    [texts.tenant, device.tenant],
    [texts.since, device.since && `${time(device.since)} (${ago(device.since, now)})`],
    [texts.agent, device.agent ?? texts.notSaid],
    [texts.clientId, device.clientId],
    [texts.address, device.address],
    [texts.protocol, device.protocol],
    [texts.fix, device.fixTime && `${time(device.fixTime)} (${ago(device.fixTime, now)})`],
    [texts.lag, device.lagSeconds === null ? null : duration(device.lagSeconds)],
    [texts.rate, tenths(device.positionsPerMinute)],
    [texts.battery, device.battery === null ? null : `${device.battery} %`],
    [texts.created, registration && time(registration.createdAt)],
    [texts.secretSince, registration && time(registration.secretChangedAt)],
    [texts.oldSecret, registration?.previousSecretUntil && time(registration.previousSecretUntil)],
    [texts.certificate, registration && (registration.certificateSha256 ?? texts.anyCertificate)],
  ] as const, [device, registration, now]);

  return (
    <section className="panel device-values" aria-label={texts.identity}>
      <p><span className={`pill ${state.tone}`}><span className="pill-dot" />{stateWords[state.word]}</span></p>
      <dl className="values">
        {rows.map(([name, value]) => value !== '' && value !== null && (
          <div key={name} className="value"><dt>{name}</dt><dd className="ops-break">{value ?? shared.unknown}</dd></div>
        ))}
        {device.lat !== null && device.lng !== null && (
          <div className="value">
            <dt>{texts.place}</dt>
            <dd><a href={`/admin#15/${device.lat.toFixed(5)}/${device.lng.toFixed(5)}`}>{texts.map}</a></dd>
          </div>
        )}
      </dl>
    </section>
  );
}
