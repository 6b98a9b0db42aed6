/** Is it plugged in right? Write keys, how to send with them, and what arrives now. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Card, Empty } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { change } from '../../api/client.ts';
import { sourcesQuery } from '../../api/settings.ts';
import type { NewWriteKey, Source } from '../../api/types.ts';
import { ConfirmButton } from '../../components/ConfirmButton.tsx';
import { Field } from '../../components/Field.tsx';
import { InlineForm } from '../../components/InlineForm.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Secret } from '../../components/Secret.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { Folders } from './Folders.tsx';
import { LiveEvents } from './LiveEvents.tsx';
import { Schemas } from './Schemas.tsx';
import { Snippet } from './Snippet.tsx';

function SourceTable({ sources }: { sources: Source[] }) {
  const { t, f, clock } = useApp();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: number) => change('DELETE', `/api/keys/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sources'] }),
  });
  const state = (source: Source) => {
    if (typeof source.revoked_us === 'number') return t('feeds.revoked');
    return typeof source.last_received_us === 'number' ? t('feeds.sending') : t('feeds.waiting');
  };
  return (
    <>
      <DataTable
        caption={t('feeds.keys')}
        rows={sources}
        rowKey={(source) => String(source.key_id)}
        columns={[
          { key: 'name', head: t('settings.name'), cell: (source) => <span data-raw>{source.name}</span> },
          { key: 'state', head: t('settings.state'), cell: state },
          {
            key: 'accepted',
            head: t('feeds.accepted'),
            end: true,
            cell: (source) => f.int(source.accepted),
          },
          { key: 'aside', head: t('feeds.aside'), end: true, cell: (source) => f.int(source.aside) },
          { key: 'refused', head: t('feeds.refused'), end: true, cell: (source) => f.int(source.refused) },
          {
            key: 'last',
            head: t('feeds.last'),
            end: true,
            wideOnly: true,
            cell: (source) => clock.second(source.last_received_us),
          },
          {
            key: 'revoke',
            head: <span className="hidden">{t('settings.actions')}</span>,
            end: true,
            cell: (source) =>
              typeof source.revoked_us === 'number' ? null : (
                <ConfirmButton
                  isGrave
                  label={t('settings.revoke')}
                  question={t('feeds.revoke_question')}
                  isBusy={revoke.isPending}
                  onConfirm={() => revoke.mutate(source.key_id)}
                />
              ),
          },
        ]}
      />
      {revoke.error ? <Problem error={revoke.error} /> : null}
    </>
  );
}

function NewKey({ onMade }: { onMade(key: NewWriteKey): void }) {
  const { t } = useApp();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const create = useMutation({
    mutationFn: () => change<NewWriteKey>('POST', '/api/keys', { name: name.trim() }),
    onSuccess: async (made) => {
      setName('');
      onMade(made);
      await client.invalidateQueries({ queryKey: ['sources'] });
    },
  });
  return (
    <>
      <InlineForm
        label={t('feeds.create')}
        action={t('feeds.create')}
        isBusy={create.isPending}
        onSubmit={() => create.mutate()}
      >
        <Field
          label={t('feeds.new_name')}
          placeholder={t('feeds.new_name_hint')}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </InlineForm>
      {create.error ? <Problem error={create.error} /> : null}
    </>
  );
}

export function SourcesPage() {
  const { t } = useApp();
  const [made, setMade] = useState<NewWriteKey | null>(null);
  const { data, error, refetch } = useQuery(sourcesQuery);
  return (
    <>
      <PageHead title={t('place.sources')} />
      <Card title={t('feeds.keys')} note={t('feeds.keys_note')}>
        {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
        {data || error ? null : <Bones lines={4} />}
        {data && data.sources.length === 0 ? <Empty>{t('feeds.none')}</Empty> : null}
        {data && data.sources.length > 0 ? <SourceTable sources={data.sources} /> : null}
        <NewKey onMade={setMade} />
        {made ? (
          <Secret
            title={t('feeds.made', { name: made.name })}
            secret={made.write_key}
            onDone={() => setMade(null)}
          />
        ) : null}
      </Card>
      <div className="row r11">
        <Snippet writeKey={made?.write_key ?? null} />
        <LiveEvents />
      </div>
      <Schemas />
      <Folders />
    </>
  );
}
