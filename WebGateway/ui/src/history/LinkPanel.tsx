import { useState } from 'react';
import { texts } from './texts';

/** A link to what is shown. The address is it; the token is not in there. */
export function LinkPanel() {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href);
      setCopied(true);
    } catch {
      setCopied(false); // not allowed: the address line has it
    }
  };
  return (
    <section className="history-section" aria-label={texts.link}>
      <h2 className="history-title">{texts.link}</h2>
      <p className="note">{texts.linkHint}</p>
      <div className="history-actions">
        <button className="button" type="button" onClick={() => void copy()}>{texts.copy}</button>
        <span className="note" role="status">{isCopied ? texts.copied : ''}</span>
      </div>
    </section>
  );
}
