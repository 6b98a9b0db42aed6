/** A brand without customers: the two ways in. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';
import { PlaceIcon } from '../../shell/PlaceIcon.tsx';

export function NoData() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <div className="card teach">
      <h2>{t('no_data.title')}</h2>
      <p>{t('no_data.text')}</p>
      <div className="ways">
        {may('import') ? (
          <Link to="/import" className="way">
            <PlaceIcon id="import" />
            <b>{t('no_data.import')}</b>
            <span>{t('no_data.import_text')}</span>
          </Link>
        ) : null}
        {may('manage_sources') ? (
          <Link to="/settings/sources" className="way">
            <PlaceIcon id="sources" />
            <b>{t('no_data.source')}</b>
            <span>{t('no_data.source_text')}</span>
          </Link>
        ) : null}
      </div>
      {may('import') || may('manage_sources') ? null : <p>{t('no_data.ask')}</p>}
    </div>
  );
}
