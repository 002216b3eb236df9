import { Suspense, useEffect, useRef, type MouseEvent } from 'react';
import { addressOf, go, useAddress } from './address';
import type { Api } from './api';
import { texts } from './texts';
import { views } from './views';

const isPlain = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** The navigation and the view that the address names. */
export function Shell({ api, onSignOut }: { readonly api: Api; readonly onSignOut: () => void }) {
  const { view, params } = useAddress();
  const shown = views.find(({ name }) => name === view);
  const marked = shown?.under ?? shown?.name;
  const nav = useRef<HTMLElement>(null);
  // On a phone there is no room for all of them.
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [marked]);

  return (
    <div className="shell">
      <nav ref={nav} className="shell-nav" aria-label={texts.navigation}>
        <span className="shell-name">{texts.title}</span>
        <ul>
          {views.filter(({ under }) => under === undefined).map(({ name, title }) => (
            <li key={name}>
              <a
                href={addressOf(name)} aria-current={name === marked ? 'page' : undefined}
                onClick={event => {
                  if (isPlain(event)) {
                    event.preventDefault();
                    go(name);
                  }
                }}
              >{title}</a>
            </li>
          ))}
          <li><a href="/history">{texts.history}</a></li>
        </ul>
        <button className="button" type="button" onClick={onSignOut}>{texts.signOut}</button>
      </nav>
      <div className="shell-view">
        <Suspense fallback={<p className="note shell-note" role="status">{texts.loading}</p>}>
          {shown ? <shown.component api={api} params={params} /> : <p className="banner is-warn">{texts.unknownView}</p>}
        </Suspense>
      </div>
    </div>
  );
}
