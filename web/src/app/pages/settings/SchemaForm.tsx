/** Says what events of one name must look like: properties, their types, and which of them must be there. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { declareSchema } from '../../api/settings.ts';
import type { SchemaAnswer } from '../../api/types.ts';
import { Field } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';
import {
  type Draft,
  type DraftProperty,
  declaredBy,
  draftOf,
  VALUE_TYPES,
  type ValueType,
  withProperty,
} from './schema-draft.ts';

interface PropertyProps {
  property: DraftProperty;
  onChange(property: DraftProperty): void;
  onRemove(): void;
}

function Property({ property, onChange, onRemove }: PropertyProps) {
  const { t } = useApp();
  const { name, type, required } = property;
  return (
    <li className="schema-property">
      <input
        aria-label={t('schemas.property')}
        placeholder={t('schemas.property')}
        value={name}
        maxLength={200}
        onChange={(event) => onChange({ ...property, name: event.target.value })}
      />
      <select
        aria-label={t('schemas.type_of', { name })}
        value={type}
        onChange={(event) => onChange({ ...property, type: event.target.value as ValueType })}
      >
        {VALUE_TYPES.map((each) => (
          <option key={each} value={each}>
            {t(`value_type.${each}`)}
          </option>
        ))}
      </select>
      <label>
        <input
          type="checkbox"
          checked={required}
          onChange={(event) => onChange({ ...property, required: event.target.checked })}
        />
        {t('schemas.required')}
      </label>
      <button
        type="button"
        className="plain"
        aria-label={t('schemas.remove_one', { name })}
        onClick={onRemove}
      >
        {t('schemas.remove')}
      </button>
    </li>
  );
}

interface Props {
  /** Empty for an event that is yet to be named. */
  event: string;
  declared: SchemaAnswer | undefined;
  onDone(): void;
}

export function SchemaForm({ event: name, declared, onDone }: Props) {
  const { t } = useApp();
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<Draft>(() => draftOf(name, declared));
  const save = useMutation({
    mutationFn: () => declareSchema(declaredBy(draft)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['schemas'] });
      onDone();
    },
  });
  // It was opened from somewhere else on the page.
  useEffect(() => {
    form.current?.scrollIntoView({ block: 'center' });
    form.current?.querySelector<HTMLElement>('input, select')?.focus({ preventScroll: true });
  }, []);
  const change = (changed: DraftProperty) => {
    const properties = draft.properties.map((each) => (each.id === changed.id ? changed : each));
    setDraft({ ...draft, properties });
  };
  const remove = ({ id }: DraftProperty) =>
    setDraft({ ...draft, properties: draft.properties.filter((each) => each.id !== id) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const title = name === '' ? t('schemas.new') : t('schemas.of', { event: name });
  return (
    <form ref={form} className="schema-form" aria-label={title} onSubmit={submit}>
      {name === '' ? (
        <Field
          label={t('schemas.event')}
          hint={t('schemas.event_hint')}
          required
          value={draft.event}
          onChange={(event) => setDraft({ ...draft, event: event.target.value })}
        />
      ) : (
        <h4 data-raw>{name}</h4>
      )}
      <ul>
        {draft.properties.map((property) => (
          <Property
            key={property.id}
            property={property}
            onChange={change}
            onRemove={() => remove(property)}
          />
        ))}
      </ul>
      <span className="buttons">
        <button type="button" className="plain" onClick={() => setDraft(withProperty(draft))}>
          {t('schemas.add')}
        </button>
        <button type="submit" className="primary" disabled={save.isPending}>
          {t('schemas.save')}
        </button>
        <button type="button" className="plain" onClick={onDone}>
          {t('shell.cancel')}
        </button>
      </span>
      {save.error ? <Problem error={save.error} /> : null}
    </form>
  );
}
