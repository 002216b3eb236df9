import { Go } from '../parts/Go';
import { time } from '../parts/texts';
import type { Entry, Tone } from './device';
import { entryWords, reasonOf, texts } from './texts';

const most = 500;
const tones: Readonly<Record<Entry['kind'], Tone>> = {
  connected: 'is-good', disconnected: '', refused: 'is-bad', dead_letter: 'is-warn',
};

/** Connections, refused sign-ins and dead letters, newest first. */
export function DeviceTimeline({ deviceId, entries }: { readonly deviceId: string; readonly entries: readonly Entry[] }) {
  return (
    <section className="device-timeline">
      <div className="page-top">
        <h2 className="headline" id="timeline">{texts.timeline}</h2>
        <Go view="letters" params={{ device: deviceId }} className="button">{texts.letters}</Go>
      </div>
      {entries.length === 0 ? <p className="panel detail">{texts.nothing}</p> : (
        <div className="panel table" role="region" aria-label={texts.timeline} tabIndex={0}>
          <table>
            <thead><tr><th scope="col">{texts.at}</th><th scope="col">{texts.what}</th><th scope="col">{texts.why}</th></tr></thead>
            <tbody>
              {entries.map((entry, index) => (
                <tr key={`${entry.at} ${entry.kind} ${index}`}>
                  <td className="device-when">{time(entry.at)}</td>
                  <td><span className={`pill ${tones[entry.kind]}`}>{entryWords[entry.kind]}</span></td>
                  <td>{reasonOf(entry.reason)}<small>{entry.detail}</small></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {entries.length >= most && <p className="note">{texts.most}</p>}
    </section>
  );
}
