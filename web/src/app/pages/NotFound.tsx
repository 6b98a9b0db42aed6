/** An address that leads nowhere. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { BrandMark } from '../../components/BrandMark.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="door">
      <div className="door-card">
        <BrandMark />
        <h1>{t('not_found.title')}</h1>
        <p>{t('not_found.text')}</p>
        <Link to="/" className="primary">
          {t('not_found.home')}
        </Link>
      </div>
    </main>
  );
}
