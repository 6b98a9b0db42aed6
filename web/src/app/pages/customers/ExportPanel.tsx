/** An audience as a file: of which kind, and whether keys are told in full. */
import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { address, downloadNamed } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Choice } from '../../components/Choice.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';
import type { CustomersSearch } from './search.ts';

const FORMATS = ['xlsx', 'csv', 'parquet'] as const;

type Format = (typeof FORMATS)[number];

/** Rows of a sheet below its header. */
const MOST_SHEET_ROWS = 1_048_575;

interface Props {
  asked: Omit<CustomersSearch, 'page'>;
  customers: number;
  /** Columns of the table beside the number, phone and e-mail; the usual ones unless given. */
  columns?: string[];
}

function Form({ asked, customers, columns }: Props) {
  const { t, f, lang } = useApp();
  const may = useMay();
  const [format, setFormat] = useState<Format>('xlsx');
  const [isUnmasked, setUnmasked] = useState(false);
  const isTooLong = format === 'xlsx' && customers > MOST_SHEET_ROWS;
  const taken = useMutation({ mutationFn: downloadNamed });
  const path = address('/api/customers/export', {
    ...asked,
    format,
    language: lang,
    columns: columns ? ['customer_id', 'phone', 'email', ...columns].join(',') : undefined,
    unmasked: isUnmasked || undefined,
  });
  return (
    <>
      <div className="inline-form">
        <Choice<Format>
          label={t('export.format')}
          value={format}
          options={FORMATS.map((each): [Format, string] => [each, t(`export.format_of.${each}`)])}
          onChange={setFormat}
        />
        {isTooLong ? null : (
          <button
            type="button"
            className="primary"
            disabled={taken.isPending}
            onClick={() => taken.mutate(path)}
          >
            {t('export.download')}
          </button>
        )}
      </div>
      {taken.error ? <Problem error={taken.error} /> : null}
      {may('reveal_keys') ? (
        <label className="switch">
          <input
            type="checkbox"
            checked={isUnmasked}
            onChange={(event) => setUnmasked(event.target.checked)}
          />
          <span>
            <b>{t('export.unmasked')}</b> {t('export.unmasked_text')}
          </span>
        </label>
      ) : null}
      {isTooLong ? (
        <p className="problem">{t('export.too_long', { most: f.int(MOST_SHEET_ROWS) })}</p>
      ) : (
        <p className="footnote" role="status">
          {t(isUnmasked ? 'export.about_full' : 'export.about_masked', {
            count: customers,
            n: f.int(customers),
          })}
        </p>
      )}
    </>
  );
}

export function ExportPanel(props: Props) {
  const { t } = useApp();
  const may = useMay();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  if (!may('export_customers')) return null;
  return (
    <section className="export" aria-label={t('export.title')}>
      <button
        type="button"
        className="plain"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {t('export.open')}
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen ? <Form {...props} /> : null}
      </div>
    </section>
  );
}
