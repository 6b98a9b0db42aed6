/** “How computed”: the definition of a figure, its formula, from whom, with what interval, as of when. */
import { type Fact, Facts } from '../components/Facts.tsx';
import { Popover } from '../components/Popover.tsx';
import { useReport } from './context.tsx';
import type { DefinitionId } from './definitions.ts';

interface Props {
  id: DefinitionId;
  facts?: Fact[];
  small?: boolean;
}

export function How({ id, facts = [], small }: Props) {
  const { t, f, report } = useReport();
  const name = t(`define.${id}.name`);
  return (
    <Popover button={t('how.button')} label={t('how.label', { name })} small={small}>
      <strong>{name}</strong>
      <p>{t(`define.${id}.text`)}</p>
      <p className="formula">{t(`define.${id}.formula`)}</p>
      <Facts facts={[...facts, [t('how.as_of'), f.asOf(report.as_of)]]} />
    </Popover>
  );
}
