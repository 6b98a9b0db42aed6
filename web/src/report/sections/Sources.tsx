/** What was read, what was recognised in it, and what was left out. */
import { Card, Empty } from '../../components/Card.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { fileDescription } from '../../lib/names.ts';
import { useReport } from '../context.tsx';
import { How } from '../How.tsx';
import type { InputFile } from '../types.ts';

function File({ file }: { file: InputFile }) {
  const { f, t } = useReport();
  return (
    <article className="file">
      <h4 data-raw>{file.name}</h4>
      <p>
        <span>{t('sources.rows', { count: file.rows, n: f.int(file.rows) })}</span> ·{' '}
        <span data-raw>{file.layout}</span> · <span data-raw>{fileDescription(t, file.description)}</span>
      </p>
      <ul>
        {file.fields.map(([field, column]) => (
          <li key={`${field} ${column}`}>
            {t(`field.${field}`, { defaultValue: field })} ← <b data-raw>{column}</b>
          </li>
        ))}
      </ul>
    </article>
  );
}

function Recognised() {
  const { report, f, t } = useReport();
  const { orders, revenue } = report.unidentified;
  return (
    <Card title={t('sources.title')} note={t('sources.note')} how={<How id="unidentified" />}>
      {report.inputs.map((file) => (
        <File key={file.name} file={file} />
      ))}
      {orders > 0 ? (
        <p className="footnote">
          {t('sources.unidentified', { count: orders, n: f.int(orders), money: f.money(revenue) })}
        </p>
      ) : null}
      {report.non_buyers_revenue ? (
        <p className="footnote">{t('sources.non_buyers', { money: f.money(report.non_buyers_revenue) })}</p>
      ) : null}
    </Card>
  );
}

function LeftOut() {
  const { report, f, t, lang } = useReport();
  return (
    <Card
      title={t('rejects.title')}
      note={t('rejects.note', { count: report.rejected_rows, n: f.int(report.rejected_rows) })}
    >
      {report.rejects.length === 0 ? (
        <Empty>{t('empty.rejects')}</Empty>
      ) : (
        <DataTable
          caption={t('rejects.title')}
          rows={report.rejects}
          rowKey={(reject) => reject.kind + reject.reason_en}
          columns={[
            {
              key: 'reason',
              head: t('rejects.reason'),
              cell: (reject) => (
                <span className="wrap">{lang === 'zh' ? reject.reason_zh : reject.reason_en}</span>
              ),
            },
            {
              key: 'kind',
              head: t('rejects.kind'),
              cell: (reject) => (
                <span className="nowrap">{t(`rejects.${reject.kind}`, { defaultValue: reject.kind })}</span>
              ),
            },
            { key: 'rows', head: t('rejects.rows'), end: true, cell: (reject) => f.int(reject.rows) },
            {
              key: 'example',
              head: t('rejects.example'),
              cell: (reject) => (
                <span className="wrap" data-raw>
                  {reject.example ?? '–'}
                </span>
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}

export function Sources() {
  return (
    <div className="row r11">
      <Recognised />
      <LeftOut />
    </div>
  );
}
