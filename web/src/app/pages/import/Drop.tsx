/** The place to drop a file, or to choose one. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type DragEvent, useId, useState } from 'react';
import { uploadFile } from '../../api/imports.ts';
import { Problem } from '../../components/Problem.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { useApp } from '../../context.tsx';
import { PlaceIcon } from '../../shell/PlaceIcon.tsx';

export function Drop() {
  const { t, f } = useApp();
  const id = useId();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [isOver, setOver] = useState(false);
  const [share, setShare] = useState(0);
  const send = useMutation({
    mutationFn: (file: File) => uploadFile(file, setShare),
    onSuccess: async (made) => {
      client.setQueryData(['import', made.upload_id], made);
      await client.invalidateQueries({ queryKey: ['imports'] });
      await navigate({ to: '/import', search: { upload: made.upload_id } });
    },
  });
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (!file) return;
    setShare(0);
    send.mutate(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <section
      className="card drop"
      aria-label={t('load.drop')}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <PlaceIcon id="import" />
      <h2>{t('load.drop')}</h2>
      <p>{t('load.drop_text')}</p>
      <input
        id={id}
        className="hidden"
        type="file"
        accept=".csv,.tsv,.txt,.xlsx,.xls,.zip,.gz,.json,.ndjson,.jsonl,.parquet"
        disabled={send.isPending}
        onChange={(event) => take(event.target.files)}
      />
      <label htmlFor={id} className="primary">
        {t('load.choose')}
      </label>
      {send.isPending ? (
        <ProgressBar
          share={share}
          label={share < 1 ? t('load.sending', { share: f.percent(share, 0) }) : t('load.looking')}
        />
      ) : null}
      {send.error ? <Problem error={send.error} /> : null}
      <small>{t('load.drop_note')}</small>
    </section>
  );
}
