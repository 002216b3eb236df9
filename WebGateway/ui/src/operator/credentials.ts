/** Who signs in: a device's id and its secret, as POST /api/devices gives them. */
export interface Credentials {
  readonly deviceId: string;
  readonly secret: string;
}

const deviceId = /^[a-z0-9._-]{1,64}$/;

/** Reads `#{deviceId}:{secret}`; null when it is none. The fragment never reaches a server. */
export function readSignInLink(fragment: string): Credentials | null {
  const text = decode(fragment.replace(/^#/, ''));
  const colon = text.indexOf(':');
  return colon < 0 ? null : readCredentials(text.slice(0, colon), text.slice(colon + 1));
}

/** What somebody typed; null when it cannot be right. */
export function readCredentials(id: string, secret: string): Credentials | null {
  const [name, word] = [id.trim().toLowerCase(), secret.trim()];
  return deviceId.test(name) && word.length > 0 && word.length <= 512 ? { deviceId: name, secret: word } : null;
}

/** The header that signs in over HTTP. */
export function basic({ deviceId: id, secret }: Credentials): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${id}:${secret}`)))}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // a link that was cut in the middle of a character
  }
}
