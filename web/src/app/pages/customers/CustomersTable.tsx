/** The table itself: filters above, columns of choice, a page at a time. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Table, type TableProps } from 'antd';
import { useMemo, useState } from 'react';
import { columnsQuery, customersQuery } from '../../api/customers.ts';
import type { ColumnInfo, CustomerRow } from '../../api/types.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { type AppContext, useApp } from '../../context.tsx';
import { cell, labelOf, standsAtEnd } from './cells.tsx';
import { chosenColumns, keepColumns, keptColumns } from './columns.ts';
import { ExportPanel } from './ExportPanel.tsx';
import { Filters } from './Filters.tsx';
import { sortOrder, sortWord } from './search.ts';

const PAGE_ROWS = 50;

type AntColumns = NonNullable<TableProps<CustomerRow>['columns']>;

function nameColumn(context: AppContext): AntColumns[number] {
  return {
    key: 'customer',
    title: context.t('people.customer'),
    fixed: 'left',
    width: 200,
    onCell: () => ({ scope: 'row' }),
    render: (_, row) => (
      <span className="who" data-raw>
        <Link to="/customers/$customerId" params={{ customerId: row.customer_id }}>
          {labelOf(row.keys, row.customer_id, context)}
        </Link>
        {row.keys.length > 0 ? <small>{row.customer_id}</small> : null}
      </span>
    ),
  };
}

function antColumns(shown: ColumnInfo[], sort: string | undefined, context: AppContext): AntColumns {
  const columns = shown.map((column): AntColumns[number] => ({
    key: column.name,
    title: <span title={column.description[context.lang]}>{column.title[context.lang]}</span>,
    align: standsAtEnd(column) ? 'right' : 'left',
    sorter: true,
    sortDirections: ['descend', 'ascend'],
    sortOrder: sortOrder(sort, column.name),
    showSorterTooltip: false,
    className: 'nowrap',
    render: (_, row) => cell(column, row.values[column.name], context),
  }));
  return [nameColumn(context), ...columns];
}

export function CustomersTable() {
  const context = useApp();
  const { t, f } = context;
  const navigate = useNavigate({ from: '/customers' });
  const search = useSearch({ from: '/shell/customers' });
  const [wanted, setWanted] = useState(keptColumns);
  const { data: all, error: noColumns } = useQuery(columnsQuery);
  const shown = useMemo(() => chosenColumns(all?.columns ?? [], wanted), [all, wanted]);
  const page = search.page ?? 1;
  const { page: _, ...asked } = search;
  const { sort } = asked;
  const { data, error, isFetching, refetch } = useQuery({
    ...customersQuery({
      ...asked,
      columns: shown.map((column) => column.name).join(','),
      limit: PAGE_ROWS,
      offset: (page - 1) * PAGE_ROWS,
    }),
    enabled: shown.length > 0,
  });
  const columns = useMemo(() => antColumns(shown, sort, context), [shown, sort, context]);
  const change: TableProps<CustomerRow>['onChange'] = (pages, _filters, sorter, { action }) => {
    const by = Array.isArray(sorter) ? sorter[0] : sorter;
    const next = action === 'sort' ? sortWord(String(by?.columnKey), by?.order) : sort;
    const current = action === 'paginate' && (pages.current ?? 1) > 1 ? pages.current : undefined;
    void navigate({ search: { ...asked, sort: next, page: current } });
  };
  const choose = (names: string[]) => {
    keepColumns(names);
    setWanted(names);
  };
  const problem = error ?? noColumns;
  return (
    <div className="card table-card">
      <Filters columns={all?.columns ?? []} shown={shown} onColumns={choose} />
      {problem ? <Problem error={problem} onRetry={() => void refetch()} /> : null}
      {data || problem ? null : <Bones height={480} />}
      {data ? (
        <>
          <p className="footnote" role="status">
            {t('people.total', { count: data.total, n: f.int(data.total), all: f.int(data.customers) })}
          </p>
          <ExportPanel asked={asked} customers={data.total} columns={shown.map((column) => column.name)} />
          <Table<CustomerRow>
            size="small"
            rowKey="customer_id"
            columns={columns}
            dataSource={data.rows}
            loading={isFetching && data.rows.length === 0}
            onChange={change}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: t('people.none') }}
            pagination={{
              current: page,
              total: data.total,
              pageSize: PAGE_ROWS,
              showSizeChanger: false,
              showQuickJumper: data.total > PAGE_ROWS * 10,
              hideOnSinglePage: true,
            }}
          />
        </>
      ) : null}
    </div>
  );
}
