/** A day as the reader writes days; a click opens a calendar to pick another. */
import { useRef, useState } from 'react';
import { Popover } from '../../components/Popover.tsx';
import { useApp } from '../context.tsx';
import { Calendar } from './Calendar.tsx';

interface Props {
  label: string;
  /** Empty where none is chosen yet. */
  value: string;
  min?: string;
  max?: string;
  onPick(day: string): void;
}

export function DayField({ label, value, min, max, onPick }: Props) {
  const { f, clock } = useApp();
  const inside = useRef<HTMLDivElement>(null);
  // Each time it is opened anew it begins with the day that is chosen.
  const [opened, setOpened] = useState(0);
  const pick = (day: string) => {
    inside.current?.closest<HTMLElement>('[popover]')?.hidePopover();
    onPick(day);
  };
  return (
    <Popover
      kind="day-field"
      button={value ? f.day(value) : label}
      label={value ? `${label} ${f.day(value)}` : label}
      onOpen={() => setOpened(opened + 1)}
    >
      <div ref={inside}>
        {opened > 0 ? (
          <Calendar
            key={opened}
            value={value || clock.isoDay(Date.now() * 1000)}
            min={min}
            max={max}
            onPick={pick}
          />
        ) : null}
      </div>
    </Popover>
  );
}
