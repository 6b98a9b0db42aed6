import { useTranslation } from 'react-i18next';
import { PageHead } from '../../components/PageHead.tsx';

export function SystemPage() {
  const { t } = useTranslation();
  return <PageHead title={t('place.system')} />;
}
