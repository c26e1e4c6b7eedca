// No such page.
import { t } from '../app/i18n';
import { Link } from '../app/router';
import '../styles/pages.css';

export default function Missing() {
  return <main class="page center-page"><div class="card narrow"><h1>{t('missing.title')}</h1><p class="muted">{t('missing.text')}</p><Link to="/" class="button primary">{t('over.home')}</Link></div></main>;
}
