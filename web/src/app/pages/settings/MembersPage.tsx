/** Who works here, and what they may. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { change } from '../../api/client.ts';
import { sessionQuery } from '../../api/session.ts';
import { membersQuery } from '../../api/settings.ts';
import type { Invited, MemberRow } from '../../api/types.ts';
import { ROLES, type Role } from '../../api/words.ts';
import { Choice } from '../../components/Choice.tsx';
import { ConfirmButton } from '../../components/ConfirmButton.tsx';
import { Field } from '../../components/Field.tsx';
import { InlineForm } from '../../components/InlineForm.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Secret } from '../../components/Secret.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { RoleMatrix } from './RoleMatrix.tsx';

interface RoleSelectProps {
  label: string;
  value: Role;
  disabled?: boolean;
  onChange(role: Role): void;
}

function RoleSelect({ label, value, disabled, onChange }: RoleSelectProps) {
  const { t } = useApp();
  return (
    <select
      aria-label={label}
      value={value}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value as Role)}
    >
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {t(`role.${role}.name`)}
        </option>
      ))}
    </select>
  );
}

function MemberTable({ members }: { members: MemberRow[] }) {
  const { t, clock } = useApp();
  const client = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const edit = useMutation({
    mutationFn: ({ id, ...changes }: { id: number; role?: Role; disabled?: boolean }) =>
      change('PATCH', `/api/members/${id}`, changes),
    onSettled: () => client.invalidateQueries({ queryKey: ['members'] }),
  });
  const link = useMutation({
    mutationFn: (id: number) => change<Invited>('POST', `/api/members/${id}/link`, {}),
  });
  const isSelf = (member: MemberRow) => member.member_id === session?.member.member_id;
  const isOut = (member: MemberRow) => typeof member.disabled_us === 'number';
  const state = (member: MemberRow) => {
    if (isOut(member)) return t('members.disabled');
    return t(member.joined ? 'members.active' : 'members.invited');
  };
  return (
    <>
      <DataTable
        caption={t('place.members')}
        rows={members}
        rowKey={(member) => String(member.member_id)}
        columns={[
          {
            key: 'name',
            head: t('settings.name'),
            cell: (member) => (
              <span className="member-name" data-raw>
                {member.name} <small>{member.email}</small>
              </span>
            ),
          },
          {
            key: 'role',
            head: t('members.role'),
            cell: (member) => (
              <RoleSelect
                label={t('members.role_of', { name: member.name })}
                value={member.role}
                disabled={isSelf(member)}
                onChange={(role) => edit.mutate({ id: member.member_id, role })}
              />
            ),
          },
          { key: 'state', head: t('settings.state'), cell: state },
          {
            key: 'since',
            head: t('members.since'),
            end: true,
            wideOnly: true,
            cell: (member) => clock.isoDay(member.created_us),
          },
          {
            key: 'edit',
            head: <span className="hidden">{t('settings.actions')}</span>,
            end: true,
            cell: (member) =>
              isSelf(member) ? (
                t('members.you')
              ) : (
                <span className="buttons">
                  {isOut(member) ? null : (
                    <ConfirmButton
                      label={t('members.new_link')}
                      question={t('members.new_link_question')}
                      isBusy={link.isPending}
                      onConfirm={() => link.mutate(member.member_id)}
                    />
                  )}
                  <ConfirmButton
                    isGrave={!isOut(member)}
                    label={t(isOut(member) ? 'members.enable' : 'members.disable')}
                    question={t(isOut(member) ? 'members.enable_question' : 'members.disable_question')}
                    isBusy={edit.isPending}
                    onConfirm={() => edit.mutate({ id: member.member_id, disabled: !isOut(member) })}
                  />
                </span>
              ),
          },
        ]}
      />
      {edit.error ? <Problem error={edit.error} /> : null}
      {link.error ? <Problem error={link.error} /> : null}
      {link.data ? <LinkShown made={link.data} onDone={() => link.reset()} /> : null}
    </>
  );
}

/** A link that sets a password, to be sent by whoever made it. */
function LinkShown({ made, onDone }: { made: Invited; onDone(): void }) {
  const { t, clock } = useApp();
  return (
    <Secret
      title={t('members.link')}
      secret={`${location.origin}${made.link}`}
      note={<p className="footnote">{t('members.link_until', { time: clock.minute(made.expires_us) })}</p>}
      onDone={onDone}
    />
  );
}

function Invite() {
  const { t, lang } = useApp();
  const client = useQueryClient();
  const [asked, setAsked] = useState({ name: '', email: '', role: 'marketer' as Role });
  const invite = useMutation({
    mutationFn: () => change<Invited>('POST', '/api/members', { ...asked, language: lang }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['members'] }),
  });
  const made = invite.data;
  return (
    <Card title={t('members.invite')} note={t('members.invite_note')}>
      <InlineForm
        label={t('members.invite')}
        action={t('members.invite_action')}
        isBusy={invite.isPending}
        onSubmit={() => invite.mutate()}
      >
        <Field
          label={t('settings.name')}
          required
          value={asked.name}
          onChange={(event) => setAsked({ ...asked, name: event.target.value })}
        />
        <Field
          label={t('door.email')}
          type="email"
          required
          value={asked.email}
          onChange={(event) => setAsked({ ...asked, email: event.target.value })}
        />
        <Choice
          label={t('members.role')}
          value={asked.role}
          options={ROLES.map((role) => [role, t(`role.${role}.name`)])}
          onChange={(role) => setAsked({ ...asked, role })}
        />
      </InlineForm>
      {invite.error ? <Problem error={invite.error} /> : null}
      {made ? (
        <LinkShown
          made={made}
          onDone={() => {
            invite.reset();
            setAsked({ name: '', email: '', role: asked.role });
          }}
        />
      ) : null}
    </Card>
  );
}

export function MembersPage() {
  const { t } = useApp();
  const { data, error, refetch } = useQuery(membersQuery);
  return (
    <>
      <PageHead title={t('place.members')} />
      <Card title={t('members.all')}>
        {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
        {data || error ? null : <Bones lines={4} />}
        {data ? <MemberTable members={data.members} /> : null}
      </Card>
      <Invite />
      <RoleMatrix />
    </>
  );
}
