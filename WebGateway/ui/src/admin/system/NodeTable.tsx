import { ago, bytes, count, duration, texts as shared } from '../parts/texts';
import type { NodePage, NodeState } from './nodes';
import { conditionTones, conditionWords, texts } from './texts';

/** All nodes, and how they are doing. */
export function NodeTable({ nodes: { isComplete, items } }: { readonly nodes: NodePage }) {
  return (
    <>
      {!isComplete && <p className="banner is-warn">{texts.nodesUnknown}</p>}
      <section className="panel table" aria-label={texts.nodes} tabIndex={0}>
        <table className="system-nodes">
          <thead>
            <tr>
              <th scope="col">{texts.node}</th><th scope="col">{texts.condition}</th><th scope="col">{texts.roles}</th><th scope="col">{texts.started}</th>
              <th scope="col" className="number">{texts.mqttClients}</th><th scope="col" className="number">{texts.browsers}</th>
              <th scope="col" className="number">{texts.watching}</th><th scope="col" className="number">{texts.inSpool}</th>
            </tr>
          </thead>
          <tbody>{items.map(node => <NodeRow key={node.id} node={node} />)}</tbody>
        </table>
      </section>
    </>
  );
}

function NodeRow({ node }: { readonly node: NodeState }) {
  const figure = (name: string, write: (value: number) => string) => {
    const value = node.figures[name];
    return <td className="number">{value === undefined ? shared.unknown : write(value)}</td>;
  };
  const isSilent = node.condition === 'missing' || node.condition === 'unknown';
  const now = Date.now();
  return (
    <tr>
      <th scope="row">{node.name}{node.isThis && <small>{texts.thisOne}</small>}{node.addresses.map(address => <small key={address}>{address}</small>)}</th>
      <td>
        <span className={`pill ${conditionTones[node.condition]}`}><span className="pill-dot" />{conditionWords[node.condition]}</span>
        {isSilent && <small>{texts.heard(duration(node.heardSeconds))}</small>}
        {!isSilent && node.checks.map(({ name, description }) => (
          <p key={name} className="detail system-why">{description === null ? name : `${name}: ${description}`}</p>
        ))}
      </td>
      <td>{node.roles.join(', ') || shared.unknown}<small>{node.version}</small></td>
      <td>{ago(node.startedAt, now)}</td>
      {figure('mqttClients', count)}{figure('hubClients', count)}{figure('watches', count)}{figure('spoolBytes', bytes)}
    </tr>
  );
}
