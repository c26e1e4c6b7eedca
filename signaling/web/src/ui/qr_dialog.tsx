// A link as a QR code, dark on white whatever the theme, as cameras want it.
import { generate } from 'lean-qr/nano';
import { toSvgPath } from 'lean-qr/extras/svg';
import { t } from '../app/i18n';
import { Dialog } from './controls';

const kMargin = 4; // modules that must stay white around it

export default function QrDialog({ link, onClose }: { link: string; onClose: () => void }) {
  const code = generate(link);
  const whole = code.size + 2 * kMargin;
  return (
    <Dialog title={t('people.qrTitle')} onClose={onClose}>
      <svg class="qr" viewBox={`${-kMargin} ${-kMargin} ${whole} ${whole}`} role="img" aria-label={t('people.qrLabel', { link })} shape-rendering="crispEdges">
        <rect x={-kMargin} y={-kMargin} width={whole} height={whole} fill="#fff" />
        <path d={toSvgPath(code)} fill="#000" />
      </svg>
      <p class="muted center">{t('people.qrText')}</p>
      <p class="center wrap-anywhere">{link}</p>
    </Dialog>
  );
}
