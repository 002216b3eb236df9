/** Colours can be set from outside by the properties that begin with `--art-`; the parts have names for `::part()`. */
export const style = `
:host {
  --ink: var(--art-ink, #15202b); --soft: var(--art-ink-soft, #4a5764); --paper: var(--art-paper, #fff);
  --accent: var(--art-accent, #1456d9); --good: var(--art-good, #0d6336); --warn: var(--art-warn, #7d4400);
  --bad: var(--art-bad, #96201a); --stale: #5d6874; --edge: #fff;
  display: flex; flex-direction: column; min-height: 320px; overflow: hidden; border-radius: 14px;
  font-family: inherit; line-height: 1.4; color: var(--ink); background: var(--paper);
}
@media (prefers-color-scheme: dark) {
  :host {
    --ink: var(--art-ink, #eef2f6); --soft: var(--art-ink-soft, #aab5c0); --paper: var(--art-paper, #1e2730);
    --accent: var(--art-accent, #5a93ff); --good: var(--art-good, #7fe0ad); --warn: var(--art-warn, #fac778);
    --bad: var(--art-bad, #ffaca5); --edge: #10161c;
  }
}
:host([hidden]), [hidden] { display: none !important; }
.words { display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; padding: 14px 16px; }
.headline { margin: 0; font-size: 1.0625em; font-weight: 700; }
.state { margin: 0; font-size: 0.8125em; font-weight: 600; color: var(--soft); }
.state.is-good { color: var(--good); } .state.is-warn { color: var(--warn); } .state.is-bad { color: var(--bad); }
.facts { grid-column: 1 / -1; margin: 0; font-size: 0.875em; color: var(--soft); font-variant-numeric: tabular-nums; }
.map { position: relative; flex: 1; min-height: 220px; overflow: hidden; }
.plain-map { position: absolute; inset: 0; width: 100%; height: 100%; display: block; touch-action: pan-y; }
.plain-marker { position: absolute; top: 0; left: 0; pointer-events: none; }
.vehicle { width: 40px; height: 40px; }
.vehicle svg { width: 100%; height: 100%; overflow: visible; transform-box: fill-box; transform-origin: center; }
.vehicle circle { fill: var(--accent); stroke: #fff; stroke-width: 3.5; }
.vehicle path { fill: #fff; }
.vehicle.is-stale circle { fill: var(--stale); }
.pickup { width: 30px; height: 38px; }
.pickup svg { width: 100%; height: 100%; overflow: visible; }
.pickup path { fill: var(--ink); stroke: var(--edge); stroke-width: 2.5; }
.pickup circle { fill: var(--edge); }
`;
