/** “How computed”: asks the server for a figure's definition, n, interval, day and SQL when it is opened. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Fact, Facts } from '../../components/Facts.tsx';
import { Popover } from '../../components/Popover.tsx';
import { explainQuery } from '../api/queries.ts';
import type { Explanation } from '../api/types.ts';
import { useApp } from '../context.tsx';
import { CopyButton } from './CopyButton.tsx';
import { Problem } from './Problem.tsx';
import { Bones } from './Skeleton.tsx';

interface Props {
  figure: string;
  /** What the figure is called here. */
  name: string;
  small?: boolean;
}

function Told({ told }: { told: Explanation }) {
  const { t, f, lang, clock } = useApp();
  const facts: Fact[] = [];
  if (typeof told.n === 'number') facts.push(['n', f.int(told.n)]);
  if (typeof told.low === 'number') facts.push([t('how.interval'), f.percentRange(told.low, told.high)]);
  facts.push([t('how.as_of'), clock.minute(told.as_of_us)]);
  return (
    <>
      <p>{told.definition[lang]}</p>
      {told.formula ? <p className="formula">{told.formula[lang]}</p> : null}
      <Facts facts={facts} />
      {told.sql ? (
        <details className="sql">
          <summary>SQL</summary>
          <pre data-raw>{told.sql}</pre>
          <CopyButton text={told.sql} />
        </details>
      ) : null}
    </>
  );
}

function Inside({ figure, name }: { figure: string; name: string }) {
  const { data, error, refetch } = useQuery(explainQuery(figure));
  return (
    <>
      <strong>{name}</strong>
      {data ? <Told told={data} /> : null}
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Bones lines={4} />}
    </>
  );
}

export function Explain({ figure, name, small }: Props) {
  const { t } = useApp();
  const [wasOpened, setOpened] = useState(false);
  return (
    <Popover
      button={t('how.button')}
      label={t('how.label', { name })}
      small={small}
      onOpen={() => setOpened(true)}
    >
      {wasOpened ? <Inside figure={figure} name={name} /> : null}
    </Popover>
  );
}
