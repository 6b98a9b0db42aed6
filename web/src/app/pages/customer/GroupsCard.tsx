/** Where a customer belongs: segments by conditions, lists and tags by hand. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { Card } from '../../../components/Card.tsx';
import { changeGroup, customerGroupsQuery, groupsQuery, segmentsQuery } from '../../api/segments.ts';
import { useMay } from '../../api/session.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';

function Segments({ names }: { names: string[] }) {
  const { t, lang } = useApp();
  const { data } = useQuery(segmentsQuery);
  const titleOf = (name: string) => data?.segments.find((segment) => segment.name === name)?.title[lang];
  return (
    <>
      <h4>{t('place.segments')}</h4>
      <p className="chips">
        {names.map((name) => (
          <Link key={name} to="/segments/$name" params={{ name }} className="chip bare" data-raw>
            {titleOf(name) ?? name}
          </Link>
        ))}
        {names.length === 0 ? <span className="footnote">{t('belongs.no_segment')}</span> : null}
      </p>
    </>
  );
}

function Lists({ names }: { names: string[] }) {
  const { t } = useApp();
  if (names.length === 0) return null;
  return (
    <>
      <h4>{t('belongs.lists')}</h4>
      <p className="chips">
        {names.map((name) => (
          <Link key={name} to="/customers" search={{ in_list: name }} className="chip bare" data-raw>
            {name}
          </Link>
        ))}
      </p>
    </>
  );
}

interface TagFormProps {
  isBusy: boolean;
  onAdd(tag: string): void;
}

function TagForm({ isBusy, onAdd }: TagFormProps) {
  const { t } = useApp();
  const id = useId();
  const [tag, setTag] = useState('');
  const { data } = useQuery(groupsQuery);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (tag.trim() === '') return;
    onAdd(tag.trim());
    setTag('');
  };
  return (
    <form className="tag-form" aria-label={t('belongs.add_tag')} onSubmit={submit}>
      <input
        type="text"
        className="text-input"
        list={id}
        maxLength={63}
        autoComplete="off"
        aria-label={t('belongs.tag')}
        placeholder={t('belongs.tag')}
        value={tag}
        onChange={(event) => setTag(event.target.value)}
      />
      <datalist id={id}>
        {data?.groups
          .filter((group) => group.kind === 'tag')
          .map((group) => (
            <option key={group.name} value={group.name} />
          ))}
      </datalist>
      <button type="submit" className="plain" disabled={isBusy || tag.trim() === ''}>
        {t('belongs.add_tag')}
      </button>
    </form>
  );
}

export function GroupsCard({ customerId }: { customerId: string }) {
  const { t } = useApp();
  const may = useMay();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(customerGroupsQuery(customerId));
  const change = useMutation({
    mutationFn: ({ tag, on }: { tag: string; on: boolean }) =>
      changeGroup('tag', tag, on ? { add: [customerId] } : { remove: [customerId] }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['customer-groups'] });
      await client.invalidateQueries({ queryKey: ['groups'] });
      await client.invalidateQueries({ queryKey: ['segments'] });
    },
  });
  const mayTag = may('edit_customers');
  return (
    <Card title={t('belongs.title')}>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Bones lines={3} />}
      {data ? (
        <>
          <Segments names={data.segments} />
          <Lists names={data.lists} />
          <h4>{t('belongs.tags')}</h4>
          <p className="chips">
            {data.tags.map((tag) => (
              <span key={tag} className="chip">
                <Link to="/customers" search={{ has_tag: tag }} className="quiet" data-raw>
                  {tag}
                </Link>
                {mayTag ? (
                  <button
                    type="button"
                    aria-label={t('belongs.remove_tag', { tag })}
                    disabled={change.isPending}
                    onClick={() => change.mutate({ tag, on: false })}
                  >
                    ×
                  </button>
                ) : null}
              </span>
            ))}
            {data.tags.length === 0 ? <span className="footnote">{t('belongs.no_tag')}</span> : null}
          </p>
          {mayTag ? (
            <TagForm isBusy={change.isPending} onAdd={(tag) => change.mutate({ tag, on: true })} />
          ) : null}
          {change.error ? <Problem error={change.error} /> : null}
        </>
      ) : null}
    </Card>
  );
}
