import { useState } from 'react';
import { texts } from './texts';

/** A text to be taken elsewhere, with a button that copies it. */
export function Copyable({ label, text }: { readonly label: string; readonly text: string }) {
  const lines = text.split('\n').length;
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };

  return (
    <div className="ops-copyable">
      <label className="field">
        {label}
        <textarea readOnly rows={lines === 1 ? 1 : Math.min(8, 2 * lines)} value={text} onFocus={event => event.target.select()} />
      </label>
      <button className="button" type="button" onClick={() => void copy()}>{isCopied ? texts.copied : texts.copy}</button>
    </div>
  );
}
