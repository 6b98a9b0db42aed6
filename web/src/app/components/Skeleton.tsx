/** The shape of what is coming, until it comes. */
import { useTranslation } from 'react-i18next';
import { BrandMark } from '../../components/BrandMark.tsx';

export function Bones({ lines = 3, height }: { lines?: number; height?: number }) {
  const { t } = useTranslation();
  if (height)
    return <div className="bone" style={{ height }} role="status" aria-label={t('shell.loading')} />;
  return (
    <div className="bones" role="status" aria-label={t('shell.loading')}>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
        <i key={index} className="bone" />
      ))}
    </div>
  );
}

export function PageSkeleton() {
  return (
    <div className="page-skeleton">
      <Bones height={28} />
      <Bones height={84} />
      <Bones height={320} />
    </div>
  );
}

/** Before it is known who is there. */
export function BootSkeleton() {
  return (
    <div className="app">
      <nav className="side" aria-hidden="true">
        <BrandMark />
      </nav>
      <main>
        <PageSkeleton />
      </main>
    </div>
  );
}
