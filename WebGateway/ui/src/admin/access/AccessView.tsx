import '../parts/parts.css';
import type { ViewProps } from '../views';
import './access.css';
import { DeviceForm } from './DeviceForm';
import { texts } from './texts';
import { TokenForm } from './TokenForm';

/** Adds devices and issues tokens. */
export default function AccessView({ api }: ViewProps) {
  return (
    <main className="page">
      <h1 className="headline">{texts.title}</h1>
      <div className="access-forms">
        <DeviceForm api={api} />
        <TokenForm api={api} />
      </div>
    </main>
  );
}
