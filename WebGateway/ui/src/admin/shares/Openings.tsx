import { useEffect, useState } from 'react';
import type { Api } from '../api';
import { Dialog } from '../parts/Dialog';
import type { IssuedShare } from './SharesView';

interface Opening {
  readonly at: string;
  readonly address: string;
  readonly agent: string;
  readonly way: string;
}

/** Who opened a link. */
export function Openings({ api, issued: { requestId, share }, onClose }: {
  readonly api: Api; readonly issued: IssuedShare; readonly onClose: () => void;
}) {
  const [openings, setOpenings] = useState<readonly Opening[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    api.call<{ items: readonly Opening[] }>(`/api/requests/${requestId}/shares/${share.shareId}/opens`, { signal: abort.signal })
      .then(({ items }) => setOpenings(items), error => abort.signal.aborted || setProblem((error as Error).message));
    return () => abort.abort();
  }, [api, requestId, share.shareId]);

  return (
    <Dialog title={`Who opened ${share.label ?? share.shareId}`} onClose={onClose}>
      {problem !== null && <p className="banner is-bad" role="alert">{problem}</p>}
      {openings === null && problem === null && <p className="note" role="status">Loading</p>}
      {openings !== null && (
        <div className="panel table" role="region" aria-label="Openings" tabIndex={0}>
          <table>
            <thead><tr><th>When</th><th>From</th><th>With</th><th>Way</th></tr></thead>
            <tbody>
              {openings.map(({ at, address, agent, way }) => (
                <tr key={`${at} ${address} ${way}`}>
                  <td><time dateTime={at}>{new Date(at).toLocaleString()}</time></td><td>{address}</td><td>{agent}</td><td>{way}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}
