/** A running import; it goes on when the page is left. */
import { Card } from '../../../components/Card.tsx';
import type { Import } from '../../api/types.ts';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { useApp } from '../../context.tsx';

export function Running({ file }: { file: Import }) {
  const { t, f } = useApp();
  const { progress } = file;
  const share = progress && progress.bytes_total > 0 ? progress.bytes_read / progress.bytes_total : null;
  const label =
    file.state === 'queued' || !progress
      ? t('load.states.queued')
      : t('load.read', { rows: f.int(progress.rows), share: f.percent(share, 0) });
  return (
    <Card title={t('load.running')} note={<span data-raw>{file.name}</span>}>
      <ProgressBar share={share} label={label} />
      <p className="footnote">{t('load.may_leave')}</p>
    </Card>
  );
}
