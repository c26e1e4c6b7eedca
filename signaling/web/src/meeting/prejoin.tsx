// Before joining: how we look and sound, with which devices, and what the network can do.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import { account } from '../app/session';
import * as settings from '../app/settings';
import { rename } from '../app/session';
import { checkNetwork, iceServers, type Finding } from '../media/check';
import { Avatar, Button, Field, Problem, Switch } from '../ui/controls';
import { Icon } from '../ui/icon';
import { DevicePickers, DeviceTrouble, Meter } from './devices';
import { Picture } from './picture';
import type { Meeting } from './store';

function NetworkLine() {
  const [findings, setFindings] = useState<Finding[] | null>(null);
  useEffect(() => {
    let here = true;
    const checks = ['turn-udp', 'turn-tcp', 'turn-tls'] as const;
    iceServers()
      .then((servers) => Promise.all(checks.map((check) => checkNetwork(check, servers))))
      .then((found) => here && setFindings(found), () => here && setFindings([]));
    return () => void (here = false);
  }, []);
  const usable = findings?.filter((finding) => finding.result !== 'skipped') ?? [];
  return (
    <p class="network" role="status">
      <Icon name="relay" size={18} />
      {usable.length === 0 && <span class="network-text">{t(findings === null ? 'prejoin.checking' : 'prejoin.noRelay')}</span>}
      {usable.length > 0 && <span>{t('prejoin.relay')}</span>}
      {usable.map((finding) => (
        <span key={finding.check} class={`chip ${finding.result}`}>
          {finding.check.slice(5).toUpperCase()} {finding.result === 'ok' ? '✓' : '✗'}
          <span class="sr">{t(finding.result === 'ok' ? 'check.ok' : 'check.failed')}</span>
        </span>
      ))}
    </p>
  );
}

export function Prejoin({ meeting, title }: { meeting: Meeting; title: string | null }) {
  const { media } = meeting;
  const [name, setName] = useState(settings.name.value);
  const [password, setPassword] = useState('');
  const [nameProblem, setNameProblem] = useState<string>();
  const nameField = useRef<HTMLInputElement>(null);
  const join = (replace = false) => {
    if (!name.trim()) {
      nameField.current?.focus();
      return setNameProblem(t('start.nameNeeded'));
    }
    rename(name);
    void meeting.join({ ...(password ? { password } : {}), replace });
  };
  const submit = (event: Event) => {
    event.preventDefault();
    join();
  };
  return (
    <main class="prejoin">
      <form onSubmit={submit}>
        <section class="preview-box" aria-label={t('prejoin.you')}>
          <div class="preview">
            <Picture track={media.video.value} mirrored={settings.mirror.value && media.facing.value === 'user'} label={t('prejoin.preview')} hidden={!media.cameraOn.value} />
            {!media.cameraOn.value && <div class="no-picture"><Avatar name={name || '?'} size="large" /><p>{t('prejoin.cameraOff')}</p></div>}
            <Meter media={media} />
          </div>
          <div class="card switches">
            <Switch icon={media.micOn.value ? 'mic' : 'micOff'} label={t('prejoin.microphone')} on={media.micOn.value} onChange={(on) => void media.setMic(on)} />
            <Switch icon={media.cameraOn.value ? 'camera' : 'cameraOff'} label={t('prejoin.camera')} on={media.cameraOn.value} onChange={(on) => void media.setCamera(on)} />
          </div>
          <DeviceTrouble media={media} />
        </section>
        <section class="card join-box">
          <h1>{title ?? t('prejoin.title')}</h1>
          <p class="muted">{t('prejoin.ready')}</p>
          <Field label={t('start.name')} value={name} onInput={(value) => { setName(value); setNameProblem(undefined); }} autocomplete="name" maxLength={40} error={nameProblem} inputRef={nameField}
            hint={account.value ? t('prejoin.signedIn', { email: account.value.email }) : undefined} />
          {meeting.needsPassword.value && <Field label={t('prejoin.password')} type="password" value={password} onInput={setPassword} maxLength={20} autoFocus />}
          <Problem text={meeting.problem.value}>
            {meeting.elsewhere.value && <Button onClick={() => join(true)}>{t('prejoin.takeOver')}</Button>}
          </Problem>
          <Button type="submit" kind="primary" class="large" busy={meeting.busy.value}>{t('prejoin.join')}</Button>
          <NetworkLine />
          <details open>
            <summary>{t('prejoin.devices')}</summary>
            <DevicePickers media={media} />
            <Switch label={t('devices.relayOnly')} hint={t('devices.relayOnlyHint')} on={settings.relayOnly.value} onChange={(on) => (settings.relayOnly.value = on)} />
          </details>
        </section>
      </form>
    </main>
  );
}
