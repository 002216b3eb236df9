import { Go } from '../parts/Go';
import { ago, duration, tenths, texts as shared } from '../parts/texts';
import { lowBattery, stateOf, type Device } from './device';
import { stateWords, texts } from './texts';

/** Devices, one a line. */
export function DeviceTable({ devices }: { readonly devices: readonly Device[] }) {
  const now = Date.now();
  return (
    <div className="panel table" role="region" aria-label={texts.title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.device}</th><th scope="col">{texts.state}</th><th scope="col">{texts.fix}</th>
            <th scope="col" className="number">{texts.lag}</th><th scope="col" className="number">{texts.rate}</th>
            <th scope="col" className="number">{texts.battery}</th><th scope="col">{texts.agent}</th>
          </tr>
        </thead>
        <tbody>
          {devices.map(device => {
            const state = stateOf(device, now);
            return (
              <tr key={device.deviceId}>
                <th scope="row"><Go view="device" params={{ id: device.deviceId }}>{device.deviceId}</Go><small>{device.name}</small></th>
                <td><span className={`pill ${state.tone}`}><span className="pill-dot" />{stateWords[state.word]}</span>
                  {device.since && <small>{ago(device.since, now)}</small>}</td>
                <td>{device.fixTime ? ago(device.fixTime, now) : texts.never}</td>
                <td className="number">{device.lagSeconds === null ? shared.unknown : duration(device.lagSeconds)}</td>
                <td className="number">{tenths(device.positionsPerMinute)}</td>
                <td className="number">{device.battery === null ? shared.unknown
                  : <span className={device.battery < lowBattery ? 'pill is-bad' : ''}>{device.battery} %</span>}</td>
                <td>{device.agent ?? <span className="note">{texts.notSaid}</span>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
