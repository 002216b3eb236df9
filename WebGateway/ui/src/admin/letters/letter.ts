/** A dead letter, as GET /api/dead-letters tells. */
export interface Letter {
  readonly id: number;
  readonly at: string;
  readonly deviceId: string;
  readonly topic: string;
  readonly code: string;
  readonly detail: string;
  readonly bytes: number;
  readonly contentType: string | null;
  readonly size: number | null;
}

export interface LetterPage {
  readonly items: readonly Letter[];
  readonly next: number | null;
  readonly codes: readonly { readonly code: string; readonly count: number }[] | null;
}

/** One with what was sent, as GET /api/dead-letters/{letterId} tells. */
export interface Content {
  readonly text: string | null;
  readonly hex: string | null;
  readonly isCut: boolean;
}

/** The most that is kept of a payload. */
const mostKept = 4_096;

/** Whether only the beginning of it was kept: it cannot be taken in again. */
export const isCut = ({ bytes, size }: Letter): boolean => size === null ? bytes >= mostKept : size > bytes;

/** What became of letters that were taken in again. */
export interface Retried {
  readonly removed: number;
  readonly accepted: number;
  readonly kept: number;
  readonly next: number | null;
  readonly lastError: string | null;
}

export interface Discarded {
  readonly removed: number;
  readonly hasMore: boolean;
}

/** Which letters. */
export interface Filter {
  readonly code: string;
  readonly device: string;
}

/** The query of a filter, with more in it; empty for none. */
export function queryOf({ code, device }: Filter, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...(code !== '' && { code }), ...(device !== '' && { device }), ...more }).toString();
  return query === '' ? '' : `?${query}`;
}

/** Hex digits as lines of 16 bytes with their number in front and what of them is ASCII behind. */
export function hexLines(hex: string): string {
  const lines: string[] = [];
  for (let at = 0; at < hex.length; at += 32) {
    const bytes = hex.slice(at, at + 32).match(/../g) ?? [];
    const ascii = bytes.map(byte => {
      const code = Number.parseInt(byte, 16);
      return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.';
    }).join('');
    lines.push(`${(at / 2).toString(16).padStart(4, '0')}  ${bytes.join(' ').padEnd(47)}  ${ascii}`);
  }
  return lines.join('\n');
}
