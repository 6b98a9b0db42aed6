/** A secret that is shown only now: to be copied, then put away. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from './CopyButton.tsx';

interface Props {
  title: string;
  secret: string;
  note?: ReactNode;
  onDone(): void;
}

export function Secret({ title, secret, note, onDone }: Props) {
  const { t } = useTranslation();
  return (
    <div className="secret" role="status">
      <p>
        <b>{title}</b> {t('settings.only_now')}
      </p>
      <p className="secret-line">
        <code data-raw>{secret}</code>
        <CopyButton text={secret} />
      </p>
      {note}
      <button type="button" className="plain" onClick={onDone}>
        {t('settings.kept_it')}
      </button>
    </div>
  );
}
