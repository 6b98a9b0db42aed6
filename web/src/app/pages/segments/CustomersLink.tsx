/** Leads to the customers who are in something, where one may see them. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../api/session.ts';
import type { CustomersSearch } from '../customers/search.ts';

interface Props {
  search: CustomersSearch;
  label?: string;
  isData?: boolean;
  children: ReactNode;
}

export function CustomersLink({ search, label, isData, children }: Props) {
  const may = useMay();
  if (!may('read_customers')) return <span data-raw={isData || undefined}>{children}</span>;
  return (
    <Link
      to="/customers"
      search={{ ...search }}
      aria-label={label}
      className="quiet"
      data-raw={isData || undefined}
    >
      {children}
    </Link>
  );
}
