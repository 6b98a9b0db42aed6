/** Lists and tags: made by hand, filled by pasting keys. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Card, Empty } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { ApiError } from '../../api/client.ts';
import { changeGroup, type GroupKind, groupsQuery, removeGroup, saveGroup } from '../../api/segments.ts';
import { useMay } from '../../api/session.ts';
import type { GroupRow } from '../../api/types.ts';
import { Choice } from '../../components/Choice.tsx';
import { ConfirmButton } from '../../components/ConfirmButton.tsx';
import { Field } from '../../components/Field.tsx';
import { InlineForm } from '../../components/InlineForm.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { CustomersLink } from './CustomersLink.tsx';
import { KEY_KINDS, type KeyKind, type KeyLine, linePlace, linesOf } from './keys.ts';

const kindOf = (group: GroupRow): GroupKind => (group.kind === 'tag' ? 'tag' : 'list');

function useChanged() {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: ['groups'] });
    await client.invalidateQueries({ queryKey: ['customer-groups'] });
    await client.invalidateQueries({ queryKey: ['segments'] });
  };
}

function NotFound({ lines }: { lines: KeyLine[] }) {
  const { t, f } = useApp();
  if (lines.length === 0) return null;
  return (
    <div className="notice">
      <p>{t('groups.not_found', { count: lines.length, n: f.int(lines.length) })}</p>
      <ul className="missing-lines">
        {lines.map(({ line, key }) => (
          <li key={line}>
            {t('groups.line', { n: line })} <code data-raw>{key}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A line that no key of the kind can be: nothing was added. */
function NoKey({ line }: { line: KeyLine }) {
  const { t } = useApp();
  return (
    <p className="notice">
      {t('groups.line', { n: line.line })} <code data-raw>{line.key}</code> {t('groups.no_key')}
    </p>
  );
}

function PasteForm({ group, onDone }: { group: GroupRow; onDone(): void }) {
  const { t, f } = useApp();
  const changed = useChanged();
  const [kind, setKind] = useState<KeyKind>('member');
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: async () => {
      const lines = linesOf(text);
      const keys = lines.map(({ key }) => ({ kind, value: key }));
      const done = await changeGroup(kindOf(group), group.name, { add_keys: keys });
      return { added: done.added, missing: done.not_found.flatMap((place) => lines[place] ?? []) };
    },
    onSuccess: changed,
  });
  const wrong = add.error instanceof ApiError ? linePlace(add.error.at, linesOf(text)) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form className="paste-form" aria-label={t('groups.paste_to', { name: group.name })} onSubmit={submit}>
      <h4 data-raw>{group.name}</h4>
      <Choice
        label={t('groups.key_kind')}
        value={kind}
        options={KEY_KINDS.map((each): [KeyKind, string] => [each, t(`key.${each}`)])}
        onChange={(each) => setKind(each)}
      />
      <label>
        {t('groups.paste')}
        <textarea
          data-raw
          className="code-input"
          rows={6}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <span className="buttons">
        <button type="submit" className="primary" disabled={add.isPending || linesOf(text).length === 0}>
          {t('groups.add')}
        </button>
        <button type="button" className="plain" onClick={onDone}>
          {t('shell.close')}
        </button>
      </span>
      {add.error ? <Problem error={add.error} /> : null}
      {wrong ? <NoKey line={wrong} /> : null}
      {add.data ? (
        <div role="status">
          <p>{t('groups.added', { count: add.data.added, n: f.int(add.data.added) })}</p>
          <NotFound lines={add.data.missing} />
        </div>
      ) : null}
    </form>
  );
}

function MakeForm() {
  const { t } = useApp();
  const changed = useChanged();
  const [kind, setKind] = useState<GroupKind>('list');
  const [name, setName] = useState('');
  const [about, setAbout] = useState('');
  const make = useMutation({
    mutationFn: () => saveGroup(kind, name.trim(), about.trim() || null),
    onSuccess: async () => {
      await changed();
      setName('');
      setAbout('');
    },
  });
  return (
    <Card title={t('groups.make')} note={t('groups.make_note')}>
      <InlineForm
        label={t('groups.make')}
        action={t('groups.make_action')}
        isBusy={make.isPending || name.trim() === ''}
        onSubmit={() => make.mutate()}
      >
        <Choice
          label={t('groups.kind_label')}
          value={kind}
          options={[
            ['list', t('groups.kind.list')],
            ['tag', t('groups.kind.tag')],
          ]}
          onChange={(each) => setKind(each)}
        />
        <Field
          label={t('groups.name')}
          required
          maxLength={63}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={t('groups.about')}
          maxLength={500}
          value={about}
          onChange={(event) => setAbout(event.target.value)}
        />
      </InlineForm>
      {make.error ? <Problem error={make.error} /> : null}
    </Card>
  );
}

function About({ group }: { group: GroupRow }) {
  const { t } = useApp();
  const may = useMay();
  const changed = useChanged();
  const [text, setText] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: (about: string) => saveGroup(kindOf(group), group.name, about.trim() || null),
    onSuccess: async () => {
      await changed();
      setText(null);
    },
  });
  if (text === null) {
    return (
      <span className="group-about">
        {group.description ? <span data-raw>{group.description}</span> : null}
        {may('edit_customers') ? (
          <button type="button" className="how" onClick={() => setText(group.description ?? '')}>
            {t('groups.describe')}
          </button>
        ) : null}
      </span>
    );
  }
  return (
    <form
      className="group-about"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(text);
      }}
    >
      <input
        type="text"
        className="text-input"
        aria-label={t('groups.about')}
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="plain" disabled={save.isPending}>
        {t('shell.save')}
      </button>
      {save.error ? <Problem error={save.error} /> : null}
    </form>
  );
}

interface TableProps {
  groups: GroupRow[];
  onPaste(group: GroupRow): void;
}

function GroupTable({ groups, onPaste }: TableProps) {
  const { t, f, clock } = useApp();
  const may = useMay();
  const changed = useChanged();
  const remove = useMutation({
    mutationFn: (group: GroupRow) => removeGroup(kindOf(group), group.name),
    onSuccess: changed,
  });
  const search = (group: GroupRow) =>
    group.kind === 'list' ? { in_list: group.name } : { has_tag: group.name };
  return (
    <>
      <DataTable
        caption={t('segments.tab.groups')}
        rows={groups}
        rowKey={(group) => `${group.kind} ${group.name}`}
        columns={[
          {
            key: 'name',
            head: t('groups.name'),
            cell: (group) => (
              <CustomersLink search={search(group)} isData>
                {group.name}
              </CustomersLink>
            ),
          },
          { key: 'kind', head: t('groups.kind_label'), cell: (group) => t(`groups.kind.${group.kind}`) },
          { key: 'about', head: t('groups.about'), cell: (group) => <About group={group} /> },
          { key: 'n', head: t('customers'), end: true, cell: (group) => f.int(group.customers) },
          {
            key: 'made',
            head: t('groups.made'),
            end: true,
            wideOnly: true,
            cell: (group) => clock.isoDay(group.at_us),
          },
          {
            key: 'do',
            head: <span className="hidden">{t('settings.actions')}</span>,
            end: true,
            cell: (group) =>
              may('edit_customers') ? (
                <span className="buttons">
                  <button type="button" className="plain" onClick={() => onPaste(group)}>
                    {t('groups.add_customers')}
                  </button>
                  <ConfirmButton
                    isGrave
                    label={t('groups.remove')}
                    question={t('groups.remove_question')}
                    isBusy={remove.isPending}
                    onConfirm={() => remove.mutate(group)}
                  />
                </span>
              ) : null,
          },
        ]}
      />
      {remove.error ? <Problem error={remove.error} /> : null}
    </>
  );
}

export function Groups() {
  const { t } = useApp();
  const may = useMay();
  const { data, error, refetch } = useQuery(groupsQuery);
  const [pasting, setPasting] = useState<GroupRow | null>(null);
  return (
    <>
      <Card title={t('groups.title')} note={t('groups.note')}>
        {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
        {data || error ? null : <Bones lines={3} />}
        {data && data.groups.length === 0 ? <Empty>{t('groups.empty')}</Empty> : null}
        {data && data.groups.length > 0 ? <GroupTable groups={data.groups} onPaste={setPasting} /> : null}
        {pasting ? (
          <PasteForm
            key={`${pasting.kind} ${pasting.name}`}
            group={pasting}
            onDone={() => setPasting(null)}
          />
        ) : null}
      </Card>
      {may('edit_customers') ? <MakeForm /> : null}
    </>
  );
}
