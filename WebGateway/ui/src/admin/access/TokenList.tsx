import { useState } from 'react';
import type { Api } from '../api';
import { Dialog } from '../parts/Dialog';
import { MoreOf } from '../parts/MoreOf';
import { shortOf, time } from '../parts/texts';
import { useAction } from '../parts/useAction';
import type { Pages } from '../parts/usePages';
import { texts } from './texts';

/** A token without what opens. */
export interface IssuedToken {
  readonly tokenId: string;
  readonly state: 'active' | 'expired' | 'revoked';
  readonly role: string | null;
  readonly subject: string | null;
  readonly deviceId: string | null;
  readonly requestId: string | null;
  readonly tenant: string | null;
  readonly issuedAt: string;
  readonly issuedBy: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly revokedBy: string | null;
}

const tones = { active: 'is-good', expired: '', revoked: 'is-bad' };

/** The name people know it by. */
const whoOf = (token: IssuedToken): string =>
  token.subject ?? token.deviceId ?? (token.requestId === null ? null : shortOf(token.requestId)) ?? token.role ?? token.tokenId;

/** Which tokens there are, and revoking them. */
export function TokenList({ api, tokens }: { readonly api: Api; readonly tokens: Pages<IssuedToken> }) {
  const [asked, setAsked] = useState<IssuedToken | null>(null);
  const action = useAction();
  const revoke = async ({ tokenId }: IssuedToken): Promise<void> => {
    if (await action.run(() => api.call(`/api/tokens/${encodeURIComponent(tokenId)}`, { method: 'DELETE' }))) {
      setAsked(null);
    }
    tokens.again();
  };

  return (
    <div className="access-tokens">
      <div>
        <h2 className="headline">{texts.tokens}</h2>
        <p className="detail">{texts.tokensDetail}</p>
      </div>
      {tokens.items !== null && tokens.items.length > 0 && (
        <div className="panel table" role="region" aria-label={texts.tokens} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.holder}</th><th scope="col">{texts.state}</th><th scope="col">{texts.issuedColumn}</th>
                <th scope="col">{texts.until}</th><th scope="col"><span className="unseen">{texts.revoke}</span></th>
              </tr>
            </thead>
            <tbody>
              {tokens.items.map(token => (
                <tr key={token.tokenId} data-token={token.tokenId}>
                  <th scope="row">
                    {whoOf(token)}
                    <small>{[token.role ?? texts.foreign, token.tenant].filter(word => word !== null).join(', ')}</small>
                  </th>
                  <td>
                    <span className={`pill ${tones[token.state]}`}>{token.state}</span>
                    {token.revokedAt !== null && <small>{time(token.revokedAt)} {texts.by(token.revokedBy ?? '')}</small>}
                  </td>
                  <td>{time(token.issuedAt)}<small>{texts.by(token.issuedBy)}</small></td>
                  <td>{time(token.expiresAt)}</td>
                  <td>
                    {token.state === 'active' && (
                      <div className="ops-row-actions">
                        <button className="button is-bad" type="button" onClick={() => { action.clear(); setAsked(token); }}>
                          {texts.revoke}<span className="unseen"> {whoOf(token)}</span>
                        </button>
                      </div>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {tokens.error?.code === 'admin_only' ? <p className="note">{texts.onlyAdmins}</p> : <MoreOf pages={tokens} empty={texts.noTokens} />}
      {asked && (
        <Dialog
          title={texts.revokeTitle(whoOf(asked))} yes={texts.revoke} no={texts.keep} isBad isBusy={action.isBusy} error={action.error}
          onYes={() => void revoke(asked)} onClose={() => setAsked(null)}
        >
          <p className="detail">{texts.revokeDetail}</p>
        </Dialog>
      )}
    </div>
  );
}
