import type { Discarded, Retried } from './letter';

/** Words of the dead letters. */
export const texts = {
  title: 'Dead letters',
  detail: 'What devices sent and what could not become a position. Kept until somebody takes it in again or throws it away, or it is too old.',
  reason: 'Reason',
  anyReason: 'Any reason',
  device: 'Device',
  deviceHint: 'All devices',
  when: 'When',
  topic: 'Topic',
  size: 'Size',
  empty: 'There are no dead letters.',
  show: 'Show',
  retry: 'Retry',
  discard: 'Discard',
  retryAll: 'Retry all',
  discardAll: 'Discard all',
  showTitle: 'What was sent',
  content: 'Payload',
  contentType: 'Content type',
  kept: (size: string): string => `${size} kept`,
  isCut: (kept: string, whole: string | null): string =>
    `Only the first ${kept}${whole === null ? '' : ` of ${whole}`} were kept: it cannot be taken in again.`,
  discardTitle: 'Discard this letter?',
  discardDetail: 'What was sent is gone for good.',
  retryAllTitle: 'Take all of these in again?',
  discardAllTitle: 'Discard all of these?',
  which: (code: string, device: string): string =>
    code === '' && device === '' ? 'All dead letters, whatever their reason and device.'
      : `Those${code === '' ? '' : ` with the reason ${code}`}${device === '' ? '' : ` of ${device}`}.`,
  retried: ({ removed, accepted, kept, next, lastError }: Retried): string =>
    `${removed} ${removed === 1 ? 'letter' : 'letters'} taken in (${accepted} positions), ${kept} kept`
    + `${lastError === null ? '' : `, the last because: ${lastError}`}.${next === null ? '' : ' There are more.'}`,
  discarded: ({ removed, hasMore }: Discarded): string =>
    `${removed} ${removed === 1 ? 'letter' : 'letters'} discarded.${hasMore ? ' There are more.' : ''}`,
};
