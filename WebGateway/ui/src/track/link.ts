/** What opens a request. */
export interface TrackingLink {
  readonly requestId: string;
  readonly token: string;
  /** Whether somebody looks on who is not the customer. */
  readonly isViewer?: boolean;
}

/** Reads `/t/{requestId}#{token}`, or `/track/…` of older messages; null when a part is missing. The fragment never reaches a server. */
export function readLink(path: string, fragment: string): TrackingLink | null {
  const match = /^\/(?:t|track)\/([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})\/?$/i.exec(path);
  const token = fragment.replace(/^#/, '');
  return match && token ? { requestId: match[1]!, token } : null;
}

/** Reads `/s#{code}` and gives the token of the shared link; null when it is none, or not complete. */
export function readShareToken(path: string, fragment: string): string | null {
  return /^\/s\/?$/.test(path) && /^#[0-9A-Za-z]{19}$/.test(fragment) ? `s.${fragment.slice(1)}` : null;
}
