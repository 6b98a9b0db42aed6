/** Who are they? The customer table, filtered, sorted and cut into pages by the server. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { AntFrame } from '../../ant/AntFrame.tsx';
import { brandQuery } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { useApp } from '../../context.tsx';
import { NoData } from '../today/NoData.tsx';
import { CustomersTable } from './CustomersTable.tsx';
import { FindByKey } from './FindByKey.tsx';

export function CustomersPage() {
  const { t } = useApp();
  const may = useMay();
  const { data: brand } = useQuery(brandQuery);
  return (
    <AntFrame>
      <PageHead title={t('place.customers')}>
        {may('import') ? (
          <Link to="/import" className="primary">
            {t('place.import')}
          </Link>
        ) : null}
      </PageHead>
      {brand?.has_data === false ? (
        <NoData />
      ) : (
        <>
          {may('find_customer') ? <FindByKey /> : null}
          {may('read_customers') ? <CustomersTable /> : null}
        </>
      )}
    </AntFrame>
  );
}
