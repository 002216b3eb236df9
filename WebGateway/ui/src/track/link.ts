/** What a customer's link says. */
export interface TrackingLink {
  readonly requestId: string;
  readonly token: string;
}

/** Reads `/track/{requestId}#{token}`; null when a part is missing. The fragment never reaches a server. */
export function readLink(path: string, fragment: string): TrackingLink | null {
  const match = /^\/track\/([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})\/?$/i.exec(path);
  const token = fragment.replace(/^#/, '');
  return match && token ? { requestId: match[1]!, token } : null;
}
