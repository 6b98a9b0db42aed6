/** A button that asks once more in its place before it does what cannot simply be taken back. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  label: string;
  question: string;
  /** What is done is grave: it is said in red. */
  isGrave?: boolean;
  isBusy?: boolean;
  onConfirm(): void;
}

export function ConfirmButton({ label, question, isGrave, isBusy, onConfirm }: Props) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const tone = isGrave ? 'plain grave' : 'plain';
  if (!isAsking) {
    return (
      <button type="button" className={tone} disabled={isBusy} onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  }
  const confirm = () => {
    setAsking(false);
    onConfirm();
  };
  return (
    <span className="confirm" role="alert">
      {question}{' '}
      <button type="button" className={tone} onClick={confirm}>
        {label}
      </button>
      <button type="button" className="plain" onClick={() => setAsking(false)}>
        {t('shell.cancel')}
      </button>
    </span>
  );
}
