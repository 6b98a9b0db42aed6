/** A labelled list to choose one from. */
import { useId } from 'react';

interface Props<Value extends string> {
  label: string;
  value: Value;
  options: [value: Value, text: string][];
  onChange(value: Value): void;
}

export function Choice<Value extends string>({ label, value, options, onChange }: Props<Value>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as Value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
