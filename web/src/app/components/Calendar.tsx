/** A month's page to pick a day from, by pointer or by keyboard. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Lang } from '../../design/format.ts';
import { HTML_LANG } from '../../i18n/index.ts';
import { addDays, addMonths, monthOf, sameDayOf, weekdayOf, weeksOf, within } from '../../lib/calendar.ts';
import { useApp } from '../context.tsx';

interface Props {
  value: string;
  /** First and last day that can be picked. */
  min?: string;
  max?: string;
  onPick(day: string): void;
}

/** A Monday, and the days after it. */
const MONDAY = '2024-01-01';

function weekdays(lang: Lang): string[] {
  const intl = new Intl.DateTimeFormat(HTML_LANG[lang], { weekday: 'narrow', timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, day) => intl.format(Date.parse(addDays(MONDAY, day))));
}

/** Where a key leads from a day; nowhere for other keys. */
export function dayByKey(key: string, shift: boolean, day: string): string | null {
  const months = shift ? 12 : 1;
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1);
    case 'ArrowRight':
      return addDays(day, 1);
    case 'ArrowUp':
      return addDays(day, -7);
    case 'ArrowDown':
      return addDays(day, 7);
    case 'Home':
      return addDays(day, -weekdayOf(day));
    case 'End':
      return addDays(day, 6 - weekdayOf(day));
    case 'PageUp':
      return sameDayOf(addMonths(monthOf(day), -months), day);
    case 'PageDown':
      return sameDayOf(addMonths(monthOf(day), months), day);
    default:
      return null;
  }
}

interface HeadProps extends Pick<Props, 'min' | 'max'> {
  month: string;
  onMonth(month: string): void;
}

function Head({ month, min, max, onMonth }: HeadProps) {
  const { t, f } = useApp();
  const step = (months: number, sign: string, key: string) => {
    const to = addMonths(month, months);
    const isOut = (min && to < monthOf(min)) || (max && to > monthOf(max));
    return (
      <button
        type="button"
        aria-label={t(`calendar.${key}`)}
        disabled={Boolean(isOut)}
        onClick={() => onMonth(to)}
      >
        {sign}
      </button>
    );
  };
  return (
    <div className="calendar-head">
      {step(-12, '«', 'previous_year')}
      {step(-1, '‹', 'previous_month')}
      <b aria-live="polite">{f.month(month)}</b>
      {step(1, '›', 'next_month')}
      {step(12, '»', 'next_year')}
    </div>
  );
}

export function Calendar({ value, min, max, onPick }: Props) {
  const { f, lang } = useApp();
  const grid = useRef<HTMLTableElement>(null);
  // The day that has the focus; its month is the one that is shown.
  const [day, setDay] = useState(within(value, min, max));
  const [isMoved, setMoved] = useState(true);
  const month = monthOf(day);
  useEffect(() => {
    if (isMoved)
      grid.current?.querySelector<HTMLButtonElement>(`[data-day="${day}"]`)?.focus({ preventScroll: true });
  }, [day, isMoved]);
  const go = (to: string, takesFocus: boolean) => {
    setMoved(takesFocus);
    setDay(within(to, min, max));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = dayByKey(event.key, event.shiftKey, day);
    if (to === null) return;
    event.preventDefault();
    go(to, true);
  };
  return (
    <div className="calendar">
      <Head month={month} min={min} max={max} onMonth={(to) => go(sameDayOf(to, day), false)} />
      <table ref={grid} aria-label={f.month(month)}>
        <thead aria-hidden="true">
          <tr>
            {weekdays(lang).map((name, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the days of a week keep their places
              <th key={place}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week.find(Boolean)}>
              {week.map((each, place) =>
                each === null ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an empty place has nothing else
                  <td key={place} />
                ) : (
                  <td key={each}>
                    <button
                      type="button"
                      data-day={each}
                      tabIndex={each === day ? 0 : -1}
                      aria-label={f.day(each)}
                      aria-pressed={each === value}
                      disabled={each !== within(each, min, max)}
                      onKeyDown={onKeyDown}
                      onClick={() => onPick(each)}
                    >
                      {Number(each.slice(8))}
                    </button>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
