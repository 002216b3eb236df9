import { readLink, readShareToken } from './link';
import { Page } from './page';
import { openShared } from './shared';
import { texts } from './texts';
import { Tracking } from './tracking';

const page = new Page();
const link = readLink(location.pathname, location.hash);
const shareToken = readShareToken(location.pathname, location.hash);
addEventListener('hashchange', () => location.reload());

if (link) {
  new Tracking(link, page).start();
} else if (shareToken) {
  void openShared(shareToken, page);
} else {
  page.showProblem(texts.badLink, texts.badLinkDetail);
}
