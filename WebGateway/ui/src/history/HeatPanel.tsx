import { useEffect, useState } from 'react';
import { ApiError, type Api } from '../admin/api';
import { boxOf, cellZoom, loadHeat, type Heat } from './heat';
import type { HistoryMap } from './historyMap';
import { number, texts } from './texts';
import type { Wish } from './wish';

/** Where most positions are, by cell, of what the map shows. */
export function HeatPanel({ api, wish, map, shown, onChange }: {
  readonly api: Api; readonly wish: Wish; readonly map: HistoryMap | null; readonly shown: string | null;
  readonly onChange: (part: Partial<Wish>) => void;
}) {
  const [heat, setHeat] = useState<Heat | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { hasHeat, subjects, from, to } = wish;
  useEffect(() => {
    setProblem(null);
    if (!map || !hasHeat) {
      setHeat(null);
      return;
    }
    const controller = new AbortController();
    loadHeat(api, subjects, from, to, boxOf(map.corners()), cellZoom(map.zoom()), controller.signal).then(setHeat).catch((error: unknown) =>
      !controller.signal.aborted && setProblem(error instanceof ApiError ? error.message : String(error)));
    return () => controller.abort();
  }, [api, map, shown, hasHeat, subjects, from, to]);
  useEffect(() => map?.setHeat(heat), [map, heat]);

  return (
    <section className="history-section" aria-label={texts.heat} data-cells={heat?.cells.length}>
      <h2 className="history-title">{texts.heat}</h2>
      <label className="switch">
        {texts.showHeat}
        <input type="checkbox" name="heat" checked={hasHeat} onChange={event => onChange({ hasHeat: event.target.checked })} />
      </label>
      <p className="note" role="status">
        {heat === null ? texts.heatHint : texts.heatOf(heat.cells.length, heat.most)}
        {heat?.isTruncated && ` ${texts.heatTruncated}`}
      </p>
      {heat && <p className="history-heat-scale" aria-hidden="true"><span>1</span><span>{number(heat.most)}</span></p>}
      {problem && <p className="banner is-bad" role="alert">{problem}</p>}
    </section>
  );
}
