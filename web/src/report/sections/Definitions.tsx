/** How each figure is defined, all in one place and on paper too. */
import { Card } from '../../components/Card.tsx';
import { useReport } from '../context.tsx';
import { DEFINITIONS } from '../definitions.ts';

export function Definitions() {
  const { t } = useReport();
  return (
    <Card title={t('definitions.title')} note={t('definitions.note')}>
      <dl className="definitions">
        {DEFINITIONS.map((id) => (
          <div key={id}>
            <dt>{t(`define.${id}.name`)}</dt>
            <dd>
              {t(`define.${id}.text`)}
              <span className="formula">{t(`define.${id}.formula`)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
