/** What customers did: a figure of their events, of some names, in some time, under a condition. */
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useMay } from '../../../api/session.ts';
import { schemasQuery } from '../../../api/settings.ts';
import type { Behaviour } from '../../../api/types.ts';
import { useApp } from '../../../context.tsx';
import { type BehaviourPart, emptyComparison, familyOfBehaviour } from '../condition.ts';
import { ComparisonFields } from './ValueFields.tsx';

/** Names that files and the usual libraries give; others are typed. */
const USUAL_EVENTS = [
  'Order Completed',
  'Order Refunded',
  'Product Viewed',
  'Product Added',
  'Cart Viewed',
  'Checkout Started',
  'Products Searched',
  'Product Reviewed',
  'Page',
];

const OFFERED: Behaviour['function'][] = ['count', 'days_since', 'sum', 'average', 'distinct'];
/** Figures that look at when, not at what within a time. */
const WITHOUT_WINDOW = ['days_since', 'streak'];
const WITHOUT_OF = ['count', 'days_since', 'streak', 'sequence'];
const WINDOWS = ['7d', '30d', '60d', '90d', '180d', '365d'];

function EventNames({ behaviour, onChange }: FieldsProps) {
  const { t } = useApp();
  const may = useMay();
  const { data } = useQuery({ ...schemasQuery, enabled: may('manage_sources') });
  const declared = data?.schemas.map((schema) => schema.event) ?? [];
  const names = [...new Set([...USUAL_EVENTS, ...declared])];
  return (
    <Select
      mode="tags"
      virtual={false}
      className="values"
      aria-label={t('builder.events')}
      placeholder={t('builder.all_events')}
      value={behaviour.events ?? []}
      onChange={(events) => onChange({ ...behaviour, events })}
      options={names.map((name) => ({
        value: name,
        label: <span data-raw>{t(`event_name.${name}`, { defaultValue: name })}</span>,
      }))}
    />
  );
}

interface FieldsProps {
  behaviour: Behaviour;
  onChange(behaviour: Behaviour): void;
}

function Window({ behaviour, onChange }: FieldsProps) {
  const { t } = useApp();
  const { window } = behaviour;
  const offered = !window || WINDOWS.includes(window) ? WINDOWS : [...WINDOWS, window];
  const words = (each: string) =>
    t(each.endsWith('w') ? 'builder.within_weeks' : 'builder.within_days', { n: each.slice(0, -1) });
  return (
    <select
      aria-label={t('builder.window')}
      value={window ?? ''}
      onChange={(event) => onChange({ ...behaviour, window: event.target.value || undefined })}
    >
      {offered.map((each) => (
        <option key={each} value={each}>
          {words(each)}
        </option>
      ))}
      <option value="">{t('builder.ever')}</option>
    </select>
  );
}

function Where({ behaviour, onChange }: FieldsProps) {
  const { t } = useApp();
  const [isOpen, setOpen] = useState(Boolean(behaviour.where));
  if (!isOpen) {
    return (
      <button type="button" className="plain small" onClick={() => setOpen(true)}>
        {t('builder.add_where')}
      </button>
    );
  }
  return (
    <input
      type="text"
      className="code-input"
      aria-label={t('builder.event_where')}
      placeholder={t('builder.event_where_hint')}
      spellCheck={false}
      value={behaviour.where ?? ''}
      onChange={(event) => onChange({ ...behaviour, where: event.target.value || undefined })}
    />
  );
}

interface Props {
  part: BehaviourPart;
  onChange(part: BehaviourPart): void;
}

/** Another figure wants other things said. */
function asFigure(behaviour: Behaviour, figure: Behaviour['function']): Behaviour {
  const { events, where, window, of } = behaviour;
  return {
    function: figure,
    events,
    where,
    window: WITHOUT_WINDOW.includes(figure) ? undefined : (window ?? '90d'),
    of: WITHOUT_OF.includes(figure) ? undefined : (of ?? 'value'),
  };
}

export function BehaviourFields({ part, onChange }: Props) {
  const { t } = useApp();
  const { behaviour, comparison } = part;
  const figure = behaviour.function;
  // Changed, it is no longer what some metric computes.
  const change = (next: Behaviour) => {
    const family = familyOfBehaviour(next);
    const fits = family === familyOfBehaviour(behaviour);
    onChange({
      ...part,
      behaviour: { ...next, metric: undefined },
      comparison: fits ? comparison : emptyComparison(family),
    });
  };
  const offered = OFFERED.includes(figure) ? OFFERED : [...OFFERED, figure];
  return (
    <>
      <select
        aria-label={t('builder.figure')}
        value={figure}
        onChange={(event) => change(asFigure(behaviour, event.target.value as Behaviour['function']))}
      >
        {offered.map((each) => (
          <option key={each} value={each}>
            {t(`builder.figures.${each}`)}
          </option>
        ))}
      </select>
      {WITHOUT_OF.includes(figure) ? null : (
        <input
          type="text"
          className="code-input short"
          aria-label={t('builder.of')}
          spellCheck={false}
          value={behaviour.of ?? ''}
          onChange={(event) => change({ ...behaviour, of: event.target.value })}
        />
      )}
      <EventNames behaviour={behaviour} onChange={change} />
      {WITHOUT_WINDOW.includes(figure) ? null : <Window behaviour={behaviour} onChange={change} />}
      <Where behaviour={behaviour} onChange={change} />
      <ComparisonFields
        comparison={comparison}
        family={familyOfBehaviour(behaviour)}
        onChange={(next) => onChange({ ...part, comparison: next })}
      />
    </>
  );
}
