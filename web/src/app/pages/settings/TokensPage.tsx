/** Tokens for programs, each with what it may. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Card, Empty } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { change } from '../../api/client.ts';
import { tokensQuery } from '../../api/settings.ts';
import type { NewToken, TokenRow } from '../../api/types.ts';
import { PERMISSIONS, type Permission } from '../../api/words.ts';
import { ConfirmButton } from '../../components/ConfirmButton.tsx';
import { Field } from '../../components/Field.tsx';
import { InlineForm } from '../../components/InlineForm.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Secret } from '../../components/Secret.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';

function TokenTable({ tokens }: { tokens: TokenRow[] }) {
  const { t, clock, lang } = useApp();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: number) => change('DELETE', `/api/tokens/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  return (
    <>
      <DataTable
        caption={t('place.tokens')}
        rows={tokens}
        rowKey={(token) => String(token.token_id)}
        columns={[
          { key: 'name', head: t('settings.name'), cell: (token) => <span data-raw>{token.name}</span> },
          {
            key: 'scopes',
            head: t('tokens.scopes'),
            cell: (token) => (
              <span className="wrap">
                {token.scopes.map((scope) => t(`permission.${scope}`)).join(lang === 'zh' ? '、' : ', ')}
              </span>
            ),
          },
          {
            key: 'used',
            head: t('tokens.used'),
            end: true,
            wideOnly: true,
            cell: (token) => clock.minute(token.used_us),
          },
          {
            key: 'made',
            head: t('tokens.made'),
            end: true,
            wideOnly: true,
            cell: (token) => clock.isoDay(token.created_us),
          },
          {
            key: 'revoke',
            head: <span className="hidden">{t('settings.actions')}</span>,
            end: true,
            cell: (token) =>
              typeof token.revoked_us === 'number' ? (
                t('feeds.revoked')
              ) : (
                <ConfirmButton
                  isGrave
                  label={t('settings.revoke')}
                  question={t('tokens.revoke_question')}
                  isBusy={revoke.isPending}
                  onConfirm={() => revoke.mutate(token.token_id)}
                />
              ),
          },
        ]}
      />
      {revoke.error ? <Problem error={revoke.error} /> : null}
    </>
  );
}

function NewTokenCard() {
  const { t } = useApp();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Permission[]>(['read_figures']);
  const create = useMutation({
    mutationFn: () => change<NewToken>('POST', '/api/tokens', { name: name.trim(), scopes }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const toggle = (scope: Permission) =>
    setScopes(scopes.includes(scope) ? scopes.filter((each) => each !== scope) : [...scopes, scope]);
  return (
    <Card title={t('tokens.new')} note={t('tokens.new_note')}>
      <fieldset className="scopes" aria-label={t('tokens.scopes')}>
        {PERMISSIONS.map((scope) => (
          <label key={scope}>
            <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
            {t(`permission.${scope}`)}
          </label>
        ))}
      </fieldset>
      <InlineForm
        label={t('tokens.new')}
        action={t('tokens.create')}
        isBusy={create.isPending || scopes.length === 0}
        onSubmit={() => create.mutate()}
      >
        <Field
          label={t('tokens.what_for')}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </InlineForm>
      {create.error ? <Problem error={create.error} /> : null}
      {create.data ? (
        <Secret
          title={t('tokens.made_one')}
          secret={create.data.token}
          note={<p className="footnote">{t('tokens.send')}</p>}
          onDone={() => {
            create.reset();
            setName('');
          }}
        />
      ) : null}
    </Card>
  );
}

export function TokensPage() {
  const { t } = useApp();
  const { data, error, refetch } = useQuery(tokensQuery);
  return (
    <>
      <PageHead title={t('place.tokens')} />
      <Card title={t('tokens.all')}>
        {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
        {data || error ? null : <Bones lines={4} />}
        {data && data.tokens.length === 0 ? <Empty>{t('tokens.none')}</Empty> : null}
        {data && data.tokens.length > 0 ? <TokenTable tokens={data.tokens} /> : null}
      </Card>
      <NewTokenCard />
    </>
  );
}
