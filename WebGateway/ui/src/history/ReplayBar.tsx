import { useEffect, useRef, useState } from 'react';
import type { Replay } from './replay';
import { at, texts } from './texts';
import { rates } from './wish';

/** Play, pause, speed, and a slider over the time. */
export function ReplayBar({ replay, rate, onRate }: { readonly replay: Replay; readonly rate: number; readonly onRate: (rate: number) => void }) {
  const [isPlaying, setPlaying] = useState(replay.isPlaying);
  const slider = useRef<HTMLInputElement>(null);
  const clock = useRef<HTMLOutputElement>(null);

  // Written past React: it changes each frame.
  useEffect(() => {
    const show = (): void => {
      const { moment, begin, end } = replay;
      const input = slider.current!;
      [input.min, input.max, input.value] = [String(begin), String(end), String(moment)];
      input.setAttribute('aria-valuetext', at(moment));
      clock.current!.value = at(moment);
      setPlaying(replay.isPlaying);
    };
    show();
    return replay.subscribe(show);
  }, [replay]);
  useEffect(() => {
    if (!isPlaying) {
      return;
    }
    let frame = requestAnimationFrame(function step(now) {
      replay.tick(now);
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [replay, isPlaying]);

  return (
    <div className="history-replay">
      <button className="button is-main" type="button" onClick={() => isPlaying ? replay.pause() : replay.play()}>
        {isPlaying ? texts.pause : texts.play}
      </button>
      <label className="history-inline">
        <span className="unseen">{texts.rate}</span>
        <select name="rate" value={rate} onChange={event => onRate(Number(event.target.value))}>
          {rates.map(each => <option key={each} value={each}>{each}×</option>)}
        </select>
      </label>
      <input
        ref={slider} className="history-slider" type="range" step={1_000} aria-label={texts.moment}
        onInput={event => replay.seek(Number(event.currentTarget.value))}
      />
      <output ref={clock} className="history-clock" />
    </div>
  );
}
