import { useEffect, useRef, useState } from 'react';
import { ApiError, type Api } from '../admin/api';
import { download, exportPaths } from './download';
import { formats, number, texts } from './texts';
import type { Wish } from './wish';

/** Routes as files for other programs. */
export function ExportPanel({ api, wish }: { readonly api: Api; readonly wish: Wish }) {
  const [format, setFormat] = useState(formats[0]![0]);
  const [bytes, setBytes] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const start = async (): Promise<void> => {
    const { signal } = controller.current = new AbortController();
    setProblem(null);
    setBytes(0);
    try {
      let before = 0;
      for (const path of exportPaths(wish, format)) {
        let here = 0;
        await download(api, path, signal, so => setBytes(before + (here = so)));
        before += here;
      }
    } catch (error) {
      if (!signal.aborted) {
        setProblem(error instanceof ApiError ? error.message : texts.broke);
      }
    }
    setBytes(null);
  };

  return (
    <section className="history-section" aria-label={texts.export}>
      <h2 className="history-title">{texts.export}</h2>
      <p className="note">{texts.exportHint}</p>
      <div className="history-actions">
        <label className="history-inline">
          {texts.format}
          <select name="format" value={format} onChange={event => setFormat(event.target.value)}>
            {formats.map(([name, title]) => <option key={name} value={name}>{title}</option>)}
          </select>
        </label>
        {bytes === null
          ? <button className="button" type="button" disabled={wish.subjects.length === 0} onClick={() => void start()}>{texts.startExport}</button>
          : <button className="button" type="button" onClick={() => controller.current?.abort()}>{texts.cancel}</button>}
      </div>
      <p className="note" role="status">{bytes === null ? '' : texts.exporting(number(bytes / 1e6, 1))}</p>
      {problem && <p className="banner is-bad" role="alert">{problem}</p>}
    </section>
  );
}
