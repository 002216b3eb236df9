import type { Credentials } from '../credentials';
import { fetchToken } from './api';

/** This much before its end a token is replaced, ms. */
const spareMs = 60_000;

/** Fetches a token for the hub when it is needed, and again before it ends. */
export function hubToken(credentials: Credentials): () => Promise<string> {
  let token = '';
  let until = 0;
  return async () => {
    if (Date.now() > until - spareMs) {
      const made = await fetchToken(credentials);
      token = made.token;
      until = Date.parse(made.expiresAt);
    }
    return token;
  };
}
