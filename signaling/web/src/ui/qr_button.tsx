// Shows a link as a QR code; what draws it is loaded when it is asked for.
import { useState } from 'preact/hooks';
import type { ComponentType } from 'preact';
import { t } from '../app/i18n';
import { Button, notify } from './controls';

type Shown = ComponentType<{ link: string; onClose: () => void }>;

export function QrButton({ link }: { link: string }) {
  const [Shown, setShown] = useState<Shown | null>(null);
  const open = () => void import('./qr_dialog').then((module) => setShown(() => module.default), () => notify(t('error.page'), 'alert'));
  return (
    <>
      <Button icon="qr" onClick={open}>{t('people.qr')}</Button>
      {Shown && <Shown link={link} onClose={() => setShown(null)} />}
    </>
  );
}
