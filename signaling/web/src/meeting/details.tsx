// How somebody is connected to us: the way, its quality, and the last minutes as a graph.
import { t, type Key } from '../app/i18n';
import { gradeOf } from '../client';
import { Button, copy, Dialog } from '../ui/controls';
import type { Meeting, Sample } from './store';
import { Bars, pathText } from './tile';

function Graph({ label, samples, of, unit }: { label: string; samples: Sample[]; of: (sample: Sample) => number; unit: string }) {
  const values = samples.map(of);
  const most = Math.max(1, ...values);
  const step = 240 / Math.max(1, values.length - 1);
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${(40 - (value / most) * 36).toFixed(1)}`).join(' ');
  const last = values[values.length - 1] ?? 0;
  return (
    <figure class="graph">
      <figcaption><span>{label}</span><span class="muted">{Math.round(last)} {unit}, {t('details.most', { value: `${Math.round(most)} ${unit}` })}</span></figcaption>
      <svg viewBox="0 0 240 42" preserveAspectRatio="none" role="img" aria-label={t('details.graph', { label, last: Math.round(last), most: Math.round(most), unit })}>
        <polyline points={points} />
      </svg>
    </figure>
  );
}

export function Details({ meeting, peerId, onClose }: { meeting: Meeting; peerId: string; onClose: () => void }) {
  const name = meeting.nameOf(peerId);
  const quality = meeting.qualities.value.get(peerId);
  const state = meeting.peerStates.value.get(peerId) ?? 'connecting';
  const samples = meeting.history.get(peerId) ?? [];
  const restarts = meeting.room?.mesh.peer(peerId)?.restarts ?? 0;
  const rows: [string, string][] = [
    [t('details.state'), t(`state.${state}` as Key)],
    [t('details.path'), pathText(quality)],
    [t('details.family'), quality?.family ?? '–'],
    [t('details.rtt'), quality?.rttMs != null ? `${quality.rttMs} ms` : '–'],
    [t('details.loss'), quality ? `${quality.lossPct} % ${t('details.in')}, ${quality.lossOutPct} % ${t('details.out')}` : '–'],
    [t('details.jitter'), quality ? `${quality.jitterMs} ms` : '–'],
    [t('details.bitrate'), quality ? `${quality.kbpsIn} kbit/s ${t('details.in')}, ${quality.kbpsOut} kbit/s ${t('details.out')}` : '–'],
    [t('details.codec'), quality?.codec ?? '–'],
    [t('details.resolution'), quality && quality.width > 0 ? `${quality.width} × ${quality.height}, ${quality.fps}/s` : '–'],
    [t('details.restarts'), String(restarts)],
  ];
  const report = [`${name}, ${new Date().toISOString()}`, ...rows.map(([label, value]) => `${label}: ${value}`)].join('\n');
  return (
    <Dialog title={t('details.title', { name })} onClose={onClose}>
      <p class="row">{quality && <Bars grade={gradeOf(quality)} />}<span>{t(`grade.${quality ? gradeOf(quality) : 'lost'}` as Key)}</span></p>
      <dl class="facts">{rows.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
      {samples.length > 1 && (
        <details>
          <summary>{t('details.overTime')}</summary>
          <Graph label={t('details.rtt')} samples={samples} of={(sample) => sample.rtt} unit="ms" />
          <Graph label={t('details.loss')} samples={samples} of={(sample) => sample.loss} unit="%" />
          <Graph label={t('details.bitrate')} samples={samples} of={(sample) => sample.kbps} unit="kbit/s" />
        </details>
      )}
      <Button icon="copy" onClick={() => void copy(report)}>{t('check.copy')}</Button>
    </Dialog>
  );
}
