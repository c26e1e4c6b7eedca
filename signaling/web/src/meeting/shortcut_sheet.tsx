// The keys of a call, and the switch that turns them off.
import { t, type Key } from '../app/i18n';
import { shortcuts } from '../app/settings';
import { Dialog, Switch } from '../ui/controls';

const kKeys: [string, Key][] = [
  ['M', 'keys.mic'], ['V', 'keys.camera'], ['D', 'keys.screen'], ['R', 'keys.hand'], ['C', 'call.chat'], ['P', 'call.people'], ['W', 'call.layout'],
  ['S', 'call.fullScreen'], ['0–9', 'keys.pin'], ['?', 'keys.title'],
];

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <Switch label={t('keys.on')} on={shortcuts.value} onChange={(on) => (shortcuts.value = on)} />
      <dl class="facts keys">
        {kKeys.map(([key, label]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(label)}</dd></div>)}
        <div><dt><kbd>{t('keys.space')}</kbd></dt><dd>{t('keys.talk')}</dd></div>
      </dl>
    </Dialog>
  );
}
