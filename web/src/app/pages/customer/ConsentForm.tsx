/** Records that the customer has agreed: to what, by which way, and what proves it. */
import { type FormEvent, useState } from 'react';
import type { Said } from '../../api/consents.ts';
import { Field } from '../../components/Field.tsx';
import { useApp } from '../../context.tsx';
import { useConsentWords } from './Consents.tsx';

const CHANNELS = ['any', 'email', 'sms', 'wecom', 'push', 'phone', 'mail'];

interface Props {
  purposes: string[];
  isBusy: boolean;
  onSay(said: Said): void;
}

export function ConsentForm({ purposes, isBusy, onSay }: Props) {
  const { t } = useApp();
  const word = useConsentWords();
  const [isOpen, setOpen] = useState(false);
  const [purpose, setPurpose] = useState(purposes[0] ?? 'marketing');
  const [channel, setChannel] = useState('any');
  const [evidence, setEvidence] = useState('');
  if (!isOpen) {
    return (
      <button type="button" className="plain more" onClick={() => setOpen(true)}>
        {t('consent.record')}
      </button>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSay({ state: 'given', purposes: [purpose], channel, evidence: evidence.trim() });
    setOpen(false);
  };
  return (
    <form className="inline-form" aria-label={t('consent.record')} onSubmit={submit}>
      <select
        aria-label={t('consent.purpose')}
        value={purpose}
        onChange={(event) => setPurpose(event.target.value)}
      >
        {purposes.map((each) => (
          <option key={each} value={each}>
            {word.purpose(each)}
          </option>
        ))}
      </select>
      <select
        aria-label={t('consent.channel')}
        value={channel}
        onChange={(event) => setChannel(event.target.value)}
      >
        {CHANNELS.map((each) => (
          <option key={each} value={each}>
            {word.channel(each)}
          </option>
        ))}
      </select>
      <Field
        label={t('consent.evidence')}
        hint={t('consent.evidence_hint')}
        required
        value={evidence}
        onChange={(event) => setEvidence(event.target.value)}
      />
      <button type="submit" className="plain" disabled={isBusy}>
        {t('consent.record_it')}
      </button>
      <button type="button" className="plain" onClick={() => setOpen(false)}>
        {t('shell.cancel')}
      </button>
    </form>
  );
}
