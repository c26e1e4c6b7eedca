// The check: devices and network, one after the other, with what to do where something does not work.
import { useState } from 'preact/hooks';
import { isKey, t, type Key } from '../app/i18n';
import { iceServers, kChecks, run, type Check, type Finding } from '../media/check';
import type { IceServer } from '../client';
import { Button, copy, Problem } from '../ui/controls';
import { Icon } from '../ui/icon';
import '../styles/pages.css';

function explain(finding: Finding): string {
  const specific = `check.${finding.check}.${finding.reason}`;
  const general = `check.reason.${finding.reason}`;
  if (finding.result === 'ok') return [finding.detail, finding.ms !== undefined ? `${finding.ms} ms` : ''].filter(Boolean).join(' · ');
  if (isKey(specific)) return t(specific);
  return isKey(general) ? t(general) : (finding.detail ?? '');
}

// One sentence about the whole.
function verdict(findings: Map<Check, Finding>): Key {
  const ok = (check: Check) => findings.get(check)?.result === 'ok';
  const devices = ok('microphone') && ok('camera');
  const relays = (['turn-udp', 'turn-tcp', 'turn-tls'] as const).filter(ok).length;
  if (!devices) return 'check.verdictDevices';
  if (relays === 0) return [...findings.values()].some((finding) => finding.check.startsWith('turn') && finding.result === 'failed') ? 'check.verdictNoRelay' : 'check.verdictNoServer';
  return ok('turn-udp') ? 'check.verdictGood' : 'check.verdictSlow';
}

function Row({ check, finding, running }: { check: Check; finding?: Finding; running: boolean }) {
  const result = finding?.result;
  return (
    <li class={`check-row ${result ?? ''}`} data-check={check} data-result={result}>
      <span class="check-mark" aria-hidden="true">{running ? <span class="spinner" /> : result === 'ok' ? <Icon name="check" /> : result === 'failed' ? <Icon name="close" /> : result ? '–' : ''}</span>
      <span class="check-text">
        <strong>{t(`check.${check}` as Key)}</strong>
        {finding && <span class="muted">{explain(finding)}</span>}
      </span>
      <span class="check-result">{result ? t(`check.${result}` as Key) : running ? t('check.running') : ''}</span>
    </li>
  );
}

export default function CheckPage() {
  const [findings, setFindings] = useState(new Map<Check, Finding>());
  const [running, setRunning] = useState<Check | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const done = findings.size === kChecks.length;
  const start = async () => {
    setFindings(new Map());
    setProblem(null);
    const servers: IceServer[] = await iceServers().catch(() => {
      setProblem(t('check.noConfig'));
      return [];
    });
    const found = new Map<Check, Finding>();
    for (const check of kChecks) {
      setRunning(check);
      found.set(check, await run(check, servers));
      setFindings(new Map(found));
    }
    setRunning(null);
  };
  const report = () => [
    `signald check, ${new Date().toISOString()}`, location.origin, navigator.userAgent,
    ...kChecks.map((check) => {
      const finding = findings.get(check);
      return `${check}: ${finding?.result ?? 'not run'}${finding?.reason ? ` (${finding.reason})` : ''}${finding?.detail ? ` ${finding.detail}` : ''}${finding?.ms !== undefined ? ` ${finding.ms} ms` : ''}`;
    }),
  ].join('\n');
  return (
    <main class="page">
      <h1>{t('start.check')}</h1>
      <p class="lead">{t('check.text')}</p>
      <div class="row">
        <Button kind="primary" icon="pulse" busy={running !== null} onClick={() => void start()}>{t('check.start')}</Button>
        <Button icon="copy" disabled={!done} onClick={() => void copy(report())}>{t('check.copy')}</Button>
      </div>
      <Problem text={problem} />
      <div role="status">{done && <p class={`verdict ${verdict(findings) === 'check.verdictGood' ? 'good' : 'fair'}`}>{t(verdict(findings))}</p>}</div>
      <ul class="card checks" aria-label={t('check.results')}>
        {kChecks.map((check) => <Row key={check} check={check} finding={findings.get(check)} running={running === check} />)}
      </ul>
    </main>
  );
}
