/** A button that asks once more in its place before it does what cannot simply be taken back. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  label: string;
  question: string;
  /** What is done is grave: it is said in red, and Enter alone does not do it. */
  isGrave?: boolean;
  isBusy?: boolean;
  onConfirm(): void;
}

/** The focus goes to the question, and back to the button that asked it. */
function useAsking() {
  const [isAsking, setAsking] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const answer = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  useEffect(() => {
    if (isAsking) answer.current?.focus();
    else if (wasAsking.current) opener.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);
  return { isAsking, setAsking, opener, answer };
}

export function ConfirmButton({ label, question, isGrave, isBusy, onConfirm }: Props) {
  const { t } = useTranslation();
  const { isAsking, setAsking, opener, answer } = useAsking();
  const tone = isGrave ? 'plain grave' : 'plain';
  if (!isAsking) {
    return (
      <button ref={opener} type="button" className={tone} disabled={isBusy} onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  }
  const confirm = () => {
    setAsking(false);
    onConfirm();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setAsking(false);
  };
  return (
    <span className="confirm" role="alert">
      {question}{' '}
      <button
        ref={isGrave ? null : answer}
        type="button"
        className={tone}
        onClick={confirm}
        onKeyDown={onKeyDown}
      >
        {label}
      </button>
      <button
        ref={isGrave ? answer : null}
        type="button"
        className="plain"
        onClick={() => setAsking(false)}
        onKeyDown={onKeyDown}
      >
        {t('shell.cancel')}
      </button>
    </span>
  );
}
