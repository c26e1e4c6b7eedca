// The settings of this browser: on their own page and in a dialog of the call.
import { t, languageName, languages, setLanguage, language, type Key } from '../app/i18n';
import * as settings from '../app/settings';
import type { LocalMedia } from '../media/local';
import { DevicePickers, Meter } from '../meeting/devices';
import { Choice, Dialog, Switch } from './controls';

export function SettingsForm({ media }: { media: LocalMedia | null }) {
  const chooseLanguage = (name: string) => {
    settings.chosenLanguage.value = name;
    void setLanguage(name);
  };
  return (
    <>
      {media && (
        <section>
          <h2>{t('settings.devices')}</h2>
          <DevicePickers media={media} />
          <Meter media={media} />
        </section>
      )}
      <section>
        <h2>{t('settings.looks')}</h2>
        <div class="two">
          <Choice label={t('settings.language')} value={language.value} options={languages.map((value) => ({ value, label: languageName(value) }))} onChange={chooseLanguage} />
          <Choice
            label={t('settings.theme')} value={settings.theme.value}
            options={['system', 'light', 'dark', 'contrast'].map((value) => ({ value, label: t(`theme.${value}` as Key) }))}
            onChange={(value) => (settings.theme.value = value as typeof settings.theme.value)}
          />
        </div>
        <Switch label={t('settings.mirror')} on={settings.mirror.value} onChange={(on) => (settings.mirror.value = on)} />
      </section>
      <section>
        <h2>{t('settings.call')}</h2>
        <Switch label={t('devices.relayOnly')} hint={t('devices.relayOnlyHint')} on={settings.relayOnly.value} onChange={(on) => (settings.relayOnly.value = on)} />
        <Switch label={t('keys.on')} hint={t('keys.hint')} on={settings.shortcuts.value} onChange={(on) => (settings.shortcuts.value = on)} />
        <Switch label={t('settings.sounds')} on={settings.sounds.value} onChange={(on) => (settings.sounds.value = on)} />
        <Switch label={t('settings.hideSystem')} on={settings.hideSystem.value} onChange={(on) => (settings.hideSystem.value = on)} />
      </section>
    </>
  );
}

export function SettingsDialog({ media, onClose }: { media: LocalMedia; onClose: () => void }) {
  return <Dialog title={t('settings.title')} onClose={onClose} class="settings"><SettingsForm media={media} /></Dialog>;
}
