// Choosing microphone, camera and speaker; the level meter; what is wrong with them, in a sentence that helps.
import { t, type Key } from '../app/i18n';
import * as settings from '../app/settings';
import { chime } from '../media/levels';
import type { LocalMedia } from '../media/local';
import { Button, Choice, Problem } from '../ui/controls';

export function Meter({ media }: { media: LocalMedia }) {
  const level = media.micOn.value ? media.level.value : 0;
  const bars = 12;
  return (
    <div class="meter" role="meter" aria-label={t('devices.level')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(level * 100)}>
      {Array.from({ length: bars }, (_, index) => <i key={index} class={level * bars > index + 0.5 ? 'lit' : ''} />)}
    </div>
  );
}

function Picker(props: { label: string; media: LocalMedia; kind: MediaDeviceKind; chosen: settings.Device | null; current?: string; choose: (device: settings.Device) => void }) {
  const devices = props.media.inputs(props.kind);
  const options = devices.map((device, index) => ({ value: device.deviceId, label: device.label || t('devices.unnamed', { n: index + 1 }) }));
  const current = props.current ?? devices.find((device) => device.deviceId === props.chosen?.id || device.label === props.chosen?.label)?.deviceId;
  return (
    <Choice
      label={props.label} value={current ?? options[0]?.value ?? ''} disabled={options.length === 0}
      options={options.length > 0 ? options : [{ value: '', label: t('devices.default') }]}
      onChange={(id) => props.choose({ id, label: devices.find((device) => device.deviceId === id)?.label ?? '' })}
    />
  );
}

export function DevicePickers({ media }: { media: LocalMedia }) {
  return (
    <div class="pickers">
      <Picker
        label={t('devices.microphone')} media={media} kind="audioinput" chosen={settings.microphone.value}
        current={media.audio.value?.getSettings().deviceId} choose={(device) => void media.choose('audio', device)}
      />
      <Picker
        label={t('devices.camera')} media={media} kind="videoinput" chosen={settings.camera.value}
        current={media.video.value?.getSettings().deviceId} choose={(device) => void media.choose('video', device)}
      />
      <div class="with-button">
        <Picker
          label={t('devices.speaker')} media={media} kind="audiooutput" chosen={settings.speaker.value}
          choose={(device) => (settings.speaker.value = device)}
        />
        <Button onClick={() => void chime(settings.speaker.value?.id)}>{t('devices.test')}</Button>
      </div>
    </div>
  );
}

// One sentence for both where both have the same trouble.
export function DeviceTrouble({ media }: { media: LocalMedia }) {
  const { audio, video } = media.trouble.value;
  if (!audio && !video) return <Problem text={null} />;
  if (audio === video) return <Problem text={t(`trouble.both.${audio}` as Key)} />;
  return (
    <>
      <Problem text={audio ? t(`trouble.audio.${audio}` as Key) : null} />
      <Problem text={video ? t(`trouble.video.${video}` as Key) : null} />
    </>
  );
}
