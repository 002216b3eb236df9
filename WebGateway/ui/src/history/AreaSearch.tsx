import { useEffect, useState } from 'react';
import type { Place } from '@artmqtt/client';
import { ApiError, type Api } from '../admin/api';
import type { AreaKind } from './areaPen';
import type { HistoryMap } from './historyMap';
import { periodOf } from './routeLoader';
import { span, texts } from './texts';
import { keyOf, mostSubjects, type Subject, type Wish } from './wish';

interface Presence { readonly deviceId: string; readonly firstTime: string; readonly lastTime: string; readonly positions: number }
interface PresencePage { readonly items: readonly Presence[]; readonly cursor: string | null }

const mostFound = 200;

/** Draws an area on the map and asks who was in it, and when. */
export function AreaSearch({ api, wish, map, onChange }: {
  readonly api: Api; readonly wish: Wish; readonly map: HistoryMap | null; readonly onChange: (part: Partial<Wish>) => void;
}) {
  const [drawing, setDrawing] = useState<AreaKind | null>(null);
  const { found, problem } = usePresences(api, wish);
  const draw = (kind: AreaKind): void => {
    if (drawing === kind) {
      map?.stopDrawing();
      return;
    }
    // First: it ends what was being drawn.
    map?.draw(kind, corners => {
      setDrawing(null);
      if (corners) {
        onChange({ area: corners });
      }
    });
    setDrawing(kind);
  };
  const show = (deviceId: string): void => {
    const subject: Subject = { kind: 'device', id: deviceId };
    const others = wish.subjects.filter(each => keyOf(each) !== keyOf(subject)).slice(0, mostSubjects - 1);
    onChange({ subjects: [...others, subject] });
  };

  return (
    <section className="history-section" aria-label={texts.who}>
      <h2 className="history-title">{texts.who}</h2>
      <p className="note">{drawing === 'box' ? texts.drawBox : drawing === 'polygon' ? texts.drawPolygon : texts.whoHint}</p>
      <div className="history-actions">
        {(['box', 'polygon'] as const).map(kind => (
          <button
            key={kind} className="button is-small" type="button" disabled={!map} aria-pressed={drawing === kind} onClick={() => draw(kind)}
          >{texts[kind]}</button>
        ))}
        <button className="button is-small" type="button" disabled={!map} onClick={() => onChange({ area: map!.corners() })}>
          {texts.mapArea}
        </button>
        {wish.area.length > 0 && (
          <button className="button is-small" type="button" onClick={() => onChange({ area: [] })}>{texts.clearArea}</button>
        )}
      </div>
      {problem && <p className="banner is-bad" role="alert">{problem}</p>}
      {wish.area.length > 0 && !problem && (
        <p className="note" role="status">
          {found === null ? texts.searching : found.items.length === 0 ? texts.nobody : texts.present(found.items.length)}
        </p>
      )}
      {found && found.items.length > 0 && (
        <ul className="history-parts history-present" aria-label={texts.who}>
          {found.items.map(({ deviceId, firstTime, lastTime, positions }) => (
            <li className="history-row" key={deviceId}>
              <span className="history-part">
                {deviceId}<span className="note">{span(Date.parse(firstTime), Date.parse(lastTime))} · {texts.loaded(positions)}</span>
              </span>
              <button
                className="button is-small" type="button" aria-label={`${texts.showRoute}: ${deviceId}`}
                disabled={wish.subjects.some(subject => keyOf(subject) === `device:${deviceId}`)} onClick={() => show(deviceId)}
              >{texts.showRoute}</button>
            </li>
          ))}
        </ul>
      )}
      {found?.cursor && <p className="note">{texts.moreThere}</p>}
    </section>
  );
}

function usePresences(api: Api, { area, from, to }: Wish) {
  const [found, setFound] = useState<PresencePage | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    setFound(null);
    setProblem(null);
    if (area.length === 0) {
      return;
    }
    const controller = new AbortController();
    api.call<PresencePage>(`/api/positions/search?${periodOf(from, to)}&limit=${mostFound}`, {
      method: 'POST', body: { type: 'Polygon', coordinates: [ringOf(area)] }, signal: controller.signal,
    }).then(setFound).catch((error: unknown) =>
      !controller.signal.aborted && setProblem(error instanceof ApiError ? error.message : String(error)));
    return () => controller.abort();
  }, [api, area, from, to]);
  return { found, problem };
}

const ringOf = (corners: readonly Place[]): number[][] => [...corners, corners[0]!].map(({ lng, lat }) => [lng, lat]);
