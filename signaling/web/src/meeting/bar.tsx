// The bar of a call: on a phone the rarer controls are behind "More".
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { t } from '../app/i18n';
import { Dialog, Button } from '../ui/controls';
import { useDismiss } from '../ui/dismiss';
import { Emojis } from '../ui/emojis';
import { Icon, type IconName } from '../ui/icon';
import type { Recording } from './recording';
import type { Meeting } from './store';

export interface BarButton {
  icon: IconName;
  label: string;
  onClick: () => void;
  tone?: 'off' | 'on' | 'danger';
  rare?: boolean; // behind "More" where there is little room
  badge?: number;
  expanded?: boolean;
  pressed?: boolean;
}

function Tool({ icon, label, onClick, tone, rare, badge, expanded, pressed }: BarButton) {
  const id = useId();
  return (
    <button type="button" class={`tool ${tone ?? ''} ${rare ? 'rare' : ''}`} aria-label={label} aria-describedby={badge ? id : undefined} title={label} aria-expanded={expanded} aria-pressed={pressed} onClick={onClick}>
      <Icon name={icon} />
      <span class="tool-label" aria-hidden="true">{label}</span>
      {badge ? <span class="badge"><span aria-hidden="true">{badge > 99 ? '99+' : badge}</span><span class="sr" id={id}>{t('call.unread', { n: badge })}</span></span> : null}
    </button>
  );
}

function Popover({ label, onClose, children }: { label: string; onClose: () => void; children: ComponentChildren }) {
  const ref = useRef<HTMLDivElement>(null);
  useDismiss(ref, true, onClose);
  useEffect(() => ref.current?.querySelector('button')?.focus(), []);
  return <div class="popover" role="group" aria-label={label} ref={ref}>{children}</div>;
}

// `others` stand elsewhere where there is room, else behind "More" too.
export function Bar(props: { meeting: Meeting; recording: Recording; others: BarButton[]; onSettings: () => void }) {
  const { meeting, recording } = props;
  const { media } = meeting;
  const [open, setOpen] = useState<'none' | 'react' | 'more'>('none');
  const [ending, setEnding] = useState(false);
  const state = meeting.state.value!;
  const isCall = state.room.kind === 'call';
  const sharing = media.screen.value !== null;
  const mayShare = 'getDisplayMedia' in (navigator.mediaDevices ?? {}) && (state.room.settings?.allowScreenShare !== false || meeting.isHost);
  const tools: (BarButton | false)[] = [
    { icon: media.micOn.value ? 'mic' : 'micOff', label: t(media.micOn.value ? 'call.mute' : 'call.unmute'), tone: media.micOn.value ? undefined : 'off', onClick: () => void media.setMic(!media.micOn.value) },
    { icon: media.cameraOn.value ? 'camera' : 'cameraOff', label: t(media.cameraOn.value ? 'call.stopCamera' : 'call.startCamera'), tone: media.cameraOn.value ? undefined : 'off', onClick: () => void media.setCamera(!media.cameraOn.value) },
    mayShare && { icon: 'screen', label: t(sharing ? 'call.stopSharing' : 'call.share'), tone: sharing ? 'on' : undefined, rare: true, onClick: () => void meeting.toggleScreen() },
    { icon: 'hand', label: t(state.hand ? 'call.lowerHand' : 'call.raiseHand'), tone: state.hand ? 'on' : undefined, rare: true, onClick: () => meeting.setHand(!state.hand) },
    (state.room.settings?.enableReactions !== false || meeting.isHost) && { icon: 'smile', label: t('call.react'), rare: true, expanded: open === 'react', onClick: () => setOpen(open === 'react' ? 'none' : 'react') },
    { icon: 'chat', label: t('call.chat'), tone: meeting.panel.value === 'chat' ? 'on' : undefined, badge: meeting.unread.value, expanded: meeting.panel.value === 'chat', onClick: () => meeting.open('chat') },
    { icon: 'people', label: t('call.people'), tone: meeting.panel.value === 'people' ? 'on' : undefined, badge: meeting.isHost ? state.requests.length : 0, expanded: meeting.panel.value === 'people', onClick: () => meeting.open('people') },
    { icon: 'layout', label: t('call.layout'), rare: true, tone: meeting.layout.value === 'spotlight' ? 'on' : undefined, pressed: meeting.layout.value === 'spotlight', onClick: () => switchLayout(meeting) },
    (meeting.can('record') || isCall) && { icon: recording.running.value ? 'stop' : 'record', label: t(recording.running.value ? 'call.stopRecording' : 'call.record'), tone: recording.running.value ? 'danger' : undefined, rare: true, onClick: () => void recording.toggle() },
    { icon: 'settings', label: t('settings.title'), rare: true, onClick: props.onSettings },
  ];
  const react = (kind: string) => {
    meeting.react(kind);
    setOpen('none');
  };
  const shown = tools.filter((tool): tool is BarButton => tool !== false);
  return (
    <div class="bar" role="toolbar" aria-label={t('call.controls')}>
      {shown.map((tool) => <Tool key={tool.icon} {...tool} />)}
      <button type="button" class="tool more" aria-label={t('call.more')} aria-expanded={open === 'more'} onClick={() => setOpen(open === 'more' ? 'none' : 'more')}><Icon name="more" /></button>
      {meeting.can('end') && !isCall && <button type="button" class="tool end rare" onClick={() => setEnding(true)}>{t('call.end')}</button>}
      <button type="button" class="tool leave" aria-label={t(isCall ? 'call.hangUp' : 'call.leave')} title={t(isCall ? 'call.hangUp' : 'call.leave')} onClick={() => void meeting.leave()}><Icon name="leave" /></button>
      {open === 'react' && (
        <Popover label={t('call.react')} onClose={() => setOpen('none')}>
          <Emojis choose={react} />
        </Popover>
      )}
      {open === 'more' && (
        <Popover label={t('call.more')} onClose={() => setOpen('none')}>
          <div class="more-list">
            {[...shown.filter((tool) => tool.rare && tool.icon !== 'smile'), ...props.others].map((tool) => (
              <button key={tool.icon} type="button" class="more-item" onClick={() => { setOpen('none'); tool.onClick(); }}><Icon name={tool.icon} />{tool.label}</button>
            ))}
            <button type="button" class="more-item" onClick={() => void media.flipCamera()}><Icon name="flip" />{t('call.flip')}</button>
            {meeting.can('end') && !isCall && <button type="button" class="more-item danger" onClick={() => { setOpen('none'); setEnding(true); }}><Icon name="stop" />{t('call.end')}</button>}
            <div class="row emojis"><Emojis choose={react} /></div>
          </div>
        </Popover>
      )}
      {ending && (
        <Dialog title={t('call.endTitle')} role="alertdialog" onClose={() => setEnding(false)}>
          <p>{t('call.endText')}</p>
          <div class="row end-row">
            <Button onClick={() => setEnding(false)}>{t('cancel')}</Button>
            <Button kind="danger" onClick={() => { setEnding(false); void meeting.end(); }}>{t('call.end')}</Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

export function switchLayout(meeting: Meeting): void {
  meeting.pinned.value = null;
  meeting.layout.value = meeting.layout.value === 'grid' ? 'spotlight' : 'grid';
}
