/** Navigation: where one can go, and who one is. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { BrandMark } from '../../components/BrandMark.tsx';
import { brandQuery } from '../api/queries.ts';
import type { Session } from '../api/types.ts';
import { useApp } from '../context.tsx';
import { MemberMenu } from './MemberMenu.tsx';
import { PlaceIcon } from './PlaceIcon.tsx';
import { type Place, placesFor } from './places.ts';

function Count({ id }: { id: string }) {
  const { f } = useApp();
  const { data: brand } = useQuery(brandQuery);
  if (id !== 'customers' || !brand || brand.customers === 0) return null;
  return <span className="nav-count">{f.int(brand.customers)}</span>;
}

function PlaceLink({ place }: { place: Place }) {
  const { t } = useTranslation();
  return (
    <li>
      <Link to={place.to} activeOptions={{ exact: place.to === '/', includeSearch: false }}>
        <PlaceIcon id={place.id} />
        <span>{t(`place.${place.id}`)}</span>
        <Count id={place.id} />
      </Link>
    </li>
  );
}

export function Navigation({ session }: { session: Session }) {
  const { t } = useTranslation();
  const group = useId();
  const places = placesFor((permission) => session.permissions.includes(permission));
  const inGroup = (group: Place['group']) => places.filter((place) => place.group === group);
  const settings = inGroup('settings');
  return (
    <nav className="side" aria-label={t('shell.navigation')}>
      <BrandMark />
      <ul>
        {inGroup('work').map((place) => (
          <PlaceLink key={place.id} place={place} />
        ))}
      </ul>
      {settings.length > 0 ? (
        <>
          <div className="nav-group" id={group}>
            {t('shell.settings')}
          </div>
          <ul aria-labelledby={group}>
            {settings.map((place) => (
              <PlaceLink key={place.id} place={place} />
            ))}
          </ul>
        </>
      ) : null}
      <MemberMenu member={session.member} />
    </nav>
  );
}
