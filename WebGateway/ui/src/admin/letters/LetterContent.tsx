import { useCallback } from 'react';
import type { Api } from '../api';
import { Dialog } from '../parts/Dialog';
import { LoadNote } from '../parts/LoadNote';
import { bytes } from '../parts/texts';
import { useLoad } from '../parts/useLoad';
import { hexLines, type Content, type Letter } from './letter';
import { texts } from './texts';

/** What was sent, as text or as hex digits; never as anything else. */
export function LetterContent({ api, letter, onClose }: {
  readonly api: Api;
  readonly letter: Letter;
  readonly onClose: () => void;
}) {
  const load = useCallback(
    (signal: AbortSignal) => api.call<Content>(`/api/dead-letters/${letter.id}`, { signal }), [api, letter.id]);
  const content = useLoad(load);
  const { text, hex, isCut: cut } = content.data ?? { text: null, hex: null, isCut: false };

  return (
    <Dialog title={texts.showTitle} onClose={onClose}>
      <p className="detail ops-break">
        {letter.topic}<br />{letter.detail}
        {letter.contentType !== null && <><br />{texts.contentType}: {letter.contentType}</>}
      </p>
      <LoadNote of={content} isEmpty={false} empty="" />
      {content.data && (
        <pre className={`letters-content ${text === null ? 'is-hex' : ''}`} tabIndex={0} aria-label={texts.content}>
          {text ?? hexLines(hex ?? '')}
        </pre>
      )}
      {cut && <p className="banner is-warn">{texts.isCut(bytes(letter.bytes), letter.size === null ? null : bytes(letter.size))}</p>}
    </Dialog>
  );
}
