/** A lifecycle stage by its colour and name; the colour means the same everywhere. */
import { stageName } from '../../lib/names.ts';
import { useApp } from '../context.tsx';

export function StageTag({ stage }: { stage: string | null | undefined }) {
  const { t, palette } = useApp();
  const known = stage ?? 'none';
  return (
    <span className="stage">
      <i style={{ background: palette.stages[known] ?? palette.ink3 }} />
      {stageName(t, known)}
    </span>
  );
}
