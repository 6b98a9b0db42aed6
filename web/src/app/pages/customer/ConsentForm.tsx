/** Records that the customer has agreed: to what, by which way, and what proves it. */
import { type FormEvent, useState } from 'react';
import type { Said } from '../../api/consents.ts';
import { Choice } from '../../components/Choice.tsx';
import { Field } from '../../components/Field.tsx';
import { useApp } from '../../context.tsx';
import { useConsentWords } from './Consents.tsx';

const CHANNELS = ['any', 'email', 'sms', 'wecom', 'push', 'phone', 'mail'];

interface Props {
  purposes: string[];
  isBusy: boolean;
  onSay(said: Said): Promise<unknown>;
}

export function ConsentForm({ purposes, isBusy, onSay }: Props) {
  const { t } = useApp();
  const word = useConsentWords();
  const [isOpen, setOpen] = useState(false);
  const nothing = { purpose: purposes[0] ?? 'marketing', channel: 'any', evidence: '', wording: '' };
  const [asked, setAsked] = useState(nothing);
  if (!isOpen) {
    return (
      <button type="button" className="plain more" onClick={() => setOpen(true)}>
        {t('consent.record')}
      </button>
    );
  }
  const close = () => {
    setOpen(false);
    setAsked(nothing);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { purpose, channel, evidence, wording } = asked;
    const proof = { evidence: evidence.trim(), wording_version: wording.trim() || undefined };
    // What was refused stays, to be corrected.
    onSay({ state: 'given', purposes: [purpose], channel, ...proof }).then(close, () => {});
  };
  return (
    <form className="inline-form consent-form" aria-label={t('consent.record')} onSubmit={submit}>
      <Choice
        label={t('consent.purpose')}
        value={asked.purpose}
        options={purposes.map((each) => [each, word.purpose(each)])}
        onChange={(purpose) => setAsked({ ...asked, purpose })}
      />
      <Choice
        label={t('consent.channel')}
        value={asked.channel}
        options={CHANNELS.map((each) => [each, word.channel(each)])}
        onChange={(channel) => setAsked({ ...asked, channel })}
      />
      <Field
        label={t('consent.evidence')}
        hint={t('consent.evidence_hint')}
        required
        value={asked.evidence}
        onChange={(event) => setAsked({ ...asked, evidence: event.target.value })}
      />
      <Field
        label={t('consent.wording')}
        hint={t('consent.wording_hint')}
        value={asked.wording}
        onChange={(event) => setAsked({ ...asked, wording: event.target.value })}
      />
      <span className="buttons">
        <button type="submit" className="primary" disabled={isBusy}>
          {t('consent.record_it')}
        </button>
        <button type="button" className="plain" onClick={close}>
          {t('shell.cancel')}
        </button>
      </span>
    </form>
  );
}
