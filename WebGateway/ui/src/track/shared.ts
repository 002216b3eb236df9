import { fetchShare } from './gateway';
import type { Page } from './page';
import { Tracking } from './tracking';
import { words } from './words';

const retryMs = 5_000;

/** Finds out what a shared link opens, and opens it. */
export async function openShared(token: string, page: Page): Promise<void> {
  const share = await fetchShare(token);
  if (share === 'unavailable') {
    page.showHeadline(words.loading, words.offlineDetail);
    setTimeout(() => void openShared(token, page), retryMs);
  } else if ('denied' in share) {
    page.showDenied(share.denied);
  } else {
    new Tracking(share, page).start();
  }
}
