import { readLink } from './link';
import { Page } from './page';
import { texts } from './texts';
import { Tracking } from './tracking';

const page = new Page();
const link = readLink(location.pathname, location.hash);
addEventListener('hashchange', () => location.reload());

if (link) {
  new Tracking(link, page).start();
} else {
  page.showProblem(texts.badLink, texts.badLinkDetail);
}
