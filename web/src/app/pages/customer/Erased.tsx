/** What stands where a customer was: how much was erased, and what could not be. */
import { Link } from '@tanstack/react-router';
import type { ErasedAnswer } from '../../api/types.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { useApp } from '../../context.tsx';

export function Erased({ customerId, erased }: { customerId: string; erased: ErasedAnswer }) {
  const { t, f } = useApp();
  const { events, keys, unreadable_files: unreadable } = erased;
  return (
    <>
      <PageHead title={t('people.number', { id: customerId })} />
      <div className="card teach" role="status">
        <h2>{t('privacy.erased')}</h2>
        <p>{t('privacy.erased_events', { count: events, n: f.int(events) })}</p>
        <p>{t('privacy.erased_keys', { count: keys, n: f.int(keys) })}</p>
        {unreadable.length > 0 ? (
          <>
            <p className="notice">{t('privacy.unreadable', { count: unreadable.length })}</p>
            <ul data-raw>
              {unreadable.map((file) => (
                <li key={file}>{file}</li>
              ))}
            </ul>
          </>
        ) : null}
        <p className="teach-on">
          <Link to="/customers" className="primary">
            {t('privacy.to_customers')}
          </Link>
        </p>
      </div>
    </>
  );
}
