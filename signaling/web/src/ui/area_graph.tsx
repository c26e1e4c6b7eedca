// Figures over the last minutes as an area, with what it is now and what it was at most.
import { count, t } from '../app/i18n';

const kWidth = 600;
const kHeight = 120;

export function AreaGraph(props: { title: string; values: number[]; intervalMs: number; show: (value: number) => string }) {
  const { values, show } = props;
  const most = Math.max(...values, 0);
  const now = values[values.length - 1] ?? 0;
  const step = kWidth / Math.max(1, values.length - 1);
  const line = values.map((value, index) => `${(index * step).toFixed(1)},${(kHeight - 2 - (value / (most || 1)) * (kHeight - 12)).toFixed(1)}`).join(' ');
  const minutes = Math.max(1, Math.round(((values.length - 1) * props.intervalMs) / 60_000));
  return (
    <section class="card graph-card">
      <div class="row between wrap"><h2>{props.title}</h2><span class="muted">{t('graph.now', { now: show(now), most: show(most) })}</span></div>
      <svg class="area" viewBox={`0 0 ${kWidth} ${kHeight}`} preserveAspectRatio="none" role="img" aria-label={t('graph.label', { title: props.title, now: show(now), most: show(most) })}>
        {values.length > 1 && <><polygon points={`0,${kHeight} ${line} ${kWidth},${kHeight}`} /><polyline points={line} /></>}
      </svg>
      <div class="row between axis muted" aria-hidden="true"><span>{count('graph.ago', minutes)}</span><span>{t('graph.here')}</span></div>
    </section>
  );
}
