import { readLink, readShareToken } from './link';
import { Page } from './page';
import { openShared } from './shared';
import { Tracking } from './tracking';
import { loadWords, words } from './words';

const wished = new URLSearchParams(location.search).get('lang');
await loadWords(wished === null ? navigator.languages : [wished, ...navigator.languages]);

const page = new Page();
const link = readLink(location.pathname, location.hash);
const shareToken = readShareToken(location.pathname, location.hash);
addEventListener('hashchange', () => location.reload());

if (link) {
  new Tracking(link, page).start();
} else if (shareToken) {
  void openShared(shareToken, page);
} else {
  page.showProblem(words.badLink, words.badLinkDetail);
}
