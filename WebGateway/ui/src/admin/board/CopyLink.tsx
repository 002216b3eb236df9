import { useState } from 'react';
import { texts } from './texts';

/** An address that is shown once, to take along. */
export function CopyLink({ url }: { readonly url: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <div className="copy-link">
      <code>{url}</code>
      <button
        className="button" type="button"
        onClick={() => void navigator.clipboard.writeText(url).then(() => setCopied(true), () => setCopied(false))}
      >{isCopied ? texts.copied : texts.copy}</button>
    </div>
  );
}
