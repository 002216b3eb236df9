import { usePages } from '../parts/usePages';
import type { ViewProps } from '../views';
import './access.css';
import { DeviceForm } from './DeviceForm';
import { texts } from './texts';
import { TokenForm } from './TokenForm';
import { TokenList, type IssuedToken } from './TokenList';

/** Adds devices, issues tokens and takes them back. */
export default function AccessView({ api }: ViewProps) {
  const tokens = usePages<IssuedToken>(api, '/api/tokens');
  return (
    <main className="page">
      <h1 className="headline">{texts.title}</h1>
      <div className="access-forms">
        <DeviceForm api={api} />
        <TokenForm api={api} onIssued={tokens.again} />
      </div>
      <TokenList api={api} tokens={tokens} />
    </main>
  );
}
