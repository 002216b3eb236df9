import { useCallback, useEffect, useState } from 'react';
import { Chart } from '../parts/Chart';
import { LoadNote } from '../parts/LoadNote';
import { bytes, count, duration, tenths, texts as shared } from '../parts/texts';
import { useLoad } from '../parts/useLoad';
import type { ViewProps } from '../views';
import { NodeTable } from './NodeTable';
import type { NodePage } from './nodes';
import { rateOf, remember, samplesOf, type SystemState } from './system';
import { statusTones, statusWords, texts } from './texts';
import './system.css';

const refreshMs = 5_000;
// A poll that was missed does not break a line.
const gap = 3.5 * refreshMs;
const whole = (value: number): string => count(Math.round(value));

/** How the nodes are doing, and this one in detail; what the charts show is kept by the page itself. */
export default function SystemView({ api }: ViewProps) {
  const load = useCallback((signal: AbortSignal) => api.call<SystemState>('/api/system', { signal }), [api]);
  const state = useLoad(load, refreshMs);
  const loadNodes = useCallback((signal: AbortSignal) => api.call<NodePage>('/api/nodes', { signal }), [api]);
  const nodes = useLoad(loadNodes, refreshMs);
  const [states, setStates] = useState<readonly SystemState[]>([]);
  const { data } = state;
  useEffect(() => {
    if (data) {
      setStates(before => remember(before, data));
    }
  }, [data]);

  const value = (name: string) => samplesOf(states, one => one.values[name]);
  return (
    <main className="page">
      <div className="page-top">
        <div>
          <h1 className="headline">{texts.title}</h1>
          <p className="detail">{texts.detail}</p>
        </div>
        {data && <p className={`pill ${statusTones[data.status]}`} role="status"><span className="pill-dot" />{statusWords[data.status]}</p>}
      </div>
      <LoadNote of={state} isEmpty={false} empty="" />
      {nodes.data && <NodeTable nodes={nodes.data} />}
      {data && (
        <>
          <h2 className="headline">{texts.thisNode}</h2>
          <div className="system-top">
            <section className="panel" aria-label={texts.node}><NodeValues state={data} /></section>
            <section className="panel" aria-label={texts.checks}>
              <ul className="system-checks">
                {data.checks.map(({ name, status, description }) => (
                  <li key={name}><span className={`pill ${statusTones[status]}`}>{name}</span><span className="detail">{description ?? statusWords[status]}</span></li>
                ))}
              </ul>
            </section>
          </div>
          <div className="ops-charts" role="region" tabIndex={0} aria-label={texts.charts}>
            <Chart title={texts.received} samples={rateOf(states, 'positionsReceived')} gap={gap} write={tenths} />
            <Chart title={texts.written} samples={rateOf(states, 'positionsWritten')} gap={gap} write={tenths} />
            <Chart title={texts.lag} samples={value('ingestLagSeconds')} gap={gap} write={duration} />
            <Chart title={texts.spool} samples={value('spoolBytes')} gap={gap} write={bytes} />
            <Chart title={texts.spoolRecords} samples={value('spoolRecords')} gap={gap} write={whole} />
            <Chart title={texts.mqtt} samples={value('mqttConnections')} gap={gap} write={whole} />
            <Chart title={texts.hub} samples={value('hubConnections')} gap={gap} write={whole} />
            <Chart title={texts.watches} samples={value('watches')} gap={gap} write={whole} />
            <Chart title={texts.streams} samples={value('liveStreams')} gap={gap} write={whole} />
            <Chart title={texts.changesLag} samples={value('changesLagSeconds')} gap={gap} write={duration} />
            <Chart title={texts.changesBehind} samples={samplesOf(states, one => one.store?.changeFeedBytes)} gap={gap} write={bytes} />
          </div>
        </>
      )}
    </main>
  );
}

function NodeValues({ state: { node, version, uptimeSeconds, memoryBytes, store } }: { readonly state: SystemState }) {
  const rows = [
    [texts.node, node], [texts.version, version], [texts.uptime, duration(uptimeSeconds)], [texts.memory, bytes(memoryBytes)],
    [texts.database, store ? bytes(store.bytes) : texts.away], [texts.chunks, store ? count(store.chunks) : shared.unknown],
    [texts.letters, store ? count(store.deadLetters) : shared.unknown],
  ] as const;
  return (
    <dl className="values">
      {rows.map(([name, value]) => <div key={name} className="value"><dt>{name}</dt><dd className="ops-break">{value}</dd></div>)}
    </dl>
  );
}
