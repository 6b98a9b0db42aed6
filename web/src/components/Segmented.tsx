/** A few choices side by side, one of them pressed. */

interface Props<Value extends string> {
  label: string;
  options: { value: Value; text: string; lang?: string }[];
  value: Value;
  onChange(value: Value): void;
}

export function Segmented<Value extends string>({ label, options, value, onChange }: Props<Value>) {
  return (
    <fieldset className="segmented" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          lang={option.lang}
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </fieldset>
  );
}
