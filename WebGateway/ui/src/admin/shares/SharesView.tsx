import { useState } from 'react';
import type { RequestStatus } from '@artmqtt/client';
import { addressOf } from '../address';
import { Dialog } from '../parts/Dialog';
import { MoreOf } from '../parts/MoreOf';
import { shortOf, time } from '../parts/texts';
import { usePages } from '../parts/usePages';
import type { ViewProps } from '../views';
import { Openings } from './Openings';

/** A link and what it is for. */
export interface IssuedShare {
  readonly requestId: string;
  readonly status: RequestStatus;
  readonly share: {
    readonly shareId: string;
    readonly role: 'viewer' | 'customer';
    readonly label: string | null;
    readonly state: 'active' | 'ended' | 'expired' | 'revoked';
    readonly createdAt: string;
    readonly createdBy: string;
    readonly opens: number;
    readonly lastOpenedAt: string | null;
  };
}

/** The links that were handed out, who opened them, and revoking them. */
export default function SharesView({ api }: ViewProps) {
  const pages = usePages<IssuedShare>(api, '/api/shares');
  const [opened, setOpened] = useState<IssuedShare | null>(null);
  const [revoking, setRevoking] = useState<IssuedShare | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const revoke = async ({ requestId, share }: IssuedShare): Promise<void> => {
    setRevoking(null);
    try {
      await api.call(`/api/requests/${requestId}/shares/${share.shareId}`, { method: 'DELETE' });
      setProblem(null);
    } catch (error) {
      setProblem((error as Error).message);
    }
    pages.again();
  };

  return (
    <main className="page">
      <div className="page-top">
        <h1 className="headline">Shared links</h1>
        <button className="button" type="button" onClick={pages.again}>Read again</button>
      </div>
      {problem !== null && <p className="banner is-bad" role="alert">{problem}</p>}
      {pages.items !== null && pages.items.length > 0 && (
        <div className="panel table" role="region" aria-label="Shared links" tabIndex={0}>
          <table>
            <thead>
              <tr><th>Made</th><th>Request</th><th>For</th><th>Role</th><th>State</th><th className="number">Opened</th><td /></tr>
            </thead>
            <tbody>
              {pages.items.map(issued => {
                const { requestId, share } = issued;
                return (
                  <tr key={share.shareId} data-share={share.shareId}>
                    <td><time dateTime={share.createdAt}>{time(share.createdAt)}</time><small>by {share.createdBy}</small></td>
                    <td><a href={addressOf('requests', { request: requestId })}><code>{shortOf(requestId)}</code></a></td>
                    <td>{share.label ?? '–'}</td>
                    <td>{share.role}</td>
                    <td><span className={`pill ${share.state === 'active' ? 'is-good' : ''}`}>{share.state}</span></td>
                    <td className="number">
                      <button className="button" type="button" disabled={share.opens === 0} onClick={() => setOpened(issued)}>
                        {share.opens.toLocaleString('en')}<span className="unseen"> openings: show them</span>
                      </button>
                    </td>
                    <td>
                      {share.state === 'active' && (
                        <button className="button is-bad" type="button" onClick={() => setRevoking(issued)}>Revoke</button>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      <MoreOf pages={pages} empty="No link was handed out yet." />
      {opened !== null && <Openings api={api} issued={opened} onClose={() => setOpened(null)} />}
      {revoking !== null && (
        <Dialog
          title="Revoke this link?" yes="Revoke" no="Keep it" isBad onYes={() => void revoke(revoking)} onClose={() => setRevoking(null)}
        >
          <p className="detail">Whoever looks through it is disconnected at once. It cannot be given back.</p>
        </Dialog>
      )}
    </main>
  );
}
