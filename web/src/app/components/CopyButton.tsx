/** Copies a text and says so. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

const SAYS_SO_MS = 1600;

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SAYS_SO_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () => {
    // Without a secure address there is no clipboard; the text can still be marked by hand.
    void navigator.clipboard?.writeText(text).then(() => setCopied(true));
  };
  return (
    <button type="button" className="plain copy" onClick={copy} aria-live="polite">
      {isCopied ? t('shell.copied') : (label ?? t('shell.copy'))}
    </button>
  );
}
