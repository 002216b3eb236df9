import { Go } from '../parts/Go';
import { bytes, time, texts as shared } from '../parts/texts';
import { isCut, type Letter } from './letter';
import { texts } from './texts';

/** Dead letters, one a line. */
export function LetterTable({ letters, isBusy, onShow, onRetry, onDiscard }: {
  readonly letters: readonly Letter[];
  readonly isBusy: boolean;
  readonly onShow: (letter: Letter) => void;
  readonly onRetry: (letter: Letter) => void;
  readonly onDiscard: (letter: Letter) => void;
}) {
  return (
    <div className="panel table" role="region" aria-label={texts.title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.when}</th><th scope="col">{texts.device}</th><th scope="col">{texts.reason}</th>
            <th scope="col" className="number">{texts.size}</th><th scope="col"><span className="unseen">{texts.retry}</span></th>
          </tr>
        </thead>
        <tbody>
          {letters.map(letter => (
            <tr key={letter.id}>
              <td className="number">{time(letter.at)}</td>
              <td>
                {letter.deviceId === '' || letter.deviceId === 'customer' ? letter.deviceId || shared.unknown
                  : <Go view="device" params={{ id: letter.deviceId }}>{letter.deviceId}</Go>}
                <small>{letter.topic}</small>
              </td>
              <td className="letters-why">{letter.code}<small>{letter.detail}</small></td>
              <td className="number">
                {bytes(letter.size ?? letter.bytes)}
                {isCut(letter) && <small>{texts.kept(bytes(letter.bytes))}</small>}
              </td>
              <td>
                <div className="ops-row-actions">
                  <button className="button" type="button" onClick={() => onShow(letter)}>{texts.show}<span className="unseen"> {letter.id}</span></button>
                  <button className="button" type="button" disabled={isBusy || isCut(letter)} onClick={() => onRetry(letter)}>{texts.retry}<span className="unseen"> {letter.id}</span></button>
                  <button className="button is-bad" type="button" onClick={() => onDiscard(letter)}>{texts.discard}<span className="unseen"> {letter.id}</span></button>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
