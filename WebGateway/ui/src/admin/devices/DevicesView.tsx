import { useCallback, useDeferredValue, useState } from 'react';
import { go } from '../address';
import { Go } from '../parts/Go';
import { LoadNote } from '../parts/LoadNote';
import { count, texts as shared } from '../parts/texts';
import { useLoad } from '../parts/useLoad';
import type { ViewProps } from '../views';
import { conditions, listPath, type Condition, type DevicePage } from './device';
import { DeviceTable } from './DeviceTable';
import { conditionWords, texts } from './texts';
import { useMore } from './useMore';

const refreshMs = 10_000;

/** All devices, with what is wrong with them. */
export default function DevicesView({ api, params }: ViewProps) {
  const condition = conditions.find(known => known === params.get('state')) ?? '';
  const [typed, setTyped] = useState(params.get('search') ?? '');
  const search = useDeferredValue(typed.trim());
  const load = useCallback(
    (signal: AbortSignal) => api.call<DevicePage>(listPath(condition, search, null), { signal }), [api, condition, search]);
  const first = useLoad(load, refreshMs);
  const more = useMore(first.data, after => api.call<DevicePage>(listPath(condition, search, after)));

  const pick = (wanted: Condition): void =>
    go('devices', { ...(wanted !== '' && { state: wanted }), ...(search !== '' && { search }) });
  const counts = first.data?.counts;
  const numbers: Readonly<Record<Condition, number | undefined>> = {
    '': counts?.all, online: counts?.online, silent: counts?.silent, disabled: counts?.disabled, low_battery: counts?.lowBattery,
  };

  return (
    <main className="page">
      <div className="page-top">
        <h1 className="headline">{texts.title}</h1>
        <Go view="access" className="button is-main">{texts.add}</Go>
      </div>
      <ul className="ops-counts" aria-label={texts.conditions}>
        {conditions.map(one => (
          <li key={one}>
            <button type="button" aria-pressed={one === condition} onClick={() => pick(one)}>
              <strong>{numbers[one] === undefined ? shared.unknown : count(numbers[one])}</strong>{conditionWords[one]}
            </button>
          </li>
        ))}
      </ul>
      <label className="field">
        {texts.search}
        <input type="search" value={typed} placeholder={texts.searchHint} maxLength={64} onChange={event => setTyped(event.target.value)} />
      </label>
      <LoadNote of={first} isEmpty={more.items.length === 0} empty={texts.empty} />
      {more.items.length > 0 && <DeviceTable devices={more.items} />}
      {more.error && <p className="banner is-bad" role="alert">{more.error.message}</p>}
      {more.next && (
        <div><button className="button" type="button" disabled={more.isBusy} onClick={more.load}>{shared.more}</button></div>
      )}
    </main>
  );
}
