/** Messages as they arrive, without what they say about people. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Card, Empty } from '../../../components/Card.tsx';
import { readLive } from '../../api/settings.ts';
import type { LiveMessage } from '../../api/types.ts';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';
import { Why } from './Aside.tsx';

/** More would not be read. */
const SHOWN = 60;

/** After a failure, and at least so long between two questions. */
const PAUSE_MS = 2_000;
const LEAST_MS = 250;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Newest first; asks again as long as the page stands. */
function useLive(): { messages: LiveMessage[]; error: unknown } {
  const client = useQueryClient();
  const [messages, setMessages] = useState<LiveMessage[]>([]);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const leaving = new AbortController();
    const show = (fresh: LiveMessage[]) => {
      setError(null);
      if (fresh.length === 0) return;
      setMessages((seen) => [...fresh.toReversed(), ...seen].slice(0, SHOWN));
      void client.invalidateQueries({ queryKey: ['sources'] });
    };
    let after = 0;
    const listenOnce = async () => {
      const { messages: fresh } = await readLive(after, leaving.signal);
      after = fresh.at(-1)?.sequence ?? after;
      show(fresh);
      await wait(LEAST_MS);
    };
    const listen = async () => {
      while (!leaving.signal.aborted) {
        await listenOnce().catch(async (problem) => {
          if (!leaving.signal.aborted) setError(problem);
          await wait(PAUSE_MS);
        });
      }
    };
    void listen();
    return () => leaving.abort();
  }, [client]);
  return { messages, error };
}

const TONES: Record<string, string> = { ok: 'good', aside: 'watch', refused: 'bad' };

function MessageRow({ message }: { message: LiveMessage }) {
  const { t, clock } = useApp();
  return (
    <li className="live">
      <i className={`dot ${TONES[message.verdict] ?? 'plain-dot'}`} aria-hidden="true" />
      <div>
        <b data-raw>{message.name ?? t('feeds.unnamed')}</b>{' '}
        <small>{t(`feeds.verdict.${message.verdict}`, { defaultValue: message.verdict })}</small>
        {message.reason ? (
          <small>
            <Why reason={message.reason} />
          </small>
        ) : null}
      </div>
      <small data-raw>{[message.source, message.customer].filter(Boolean).join(' · ')}</small>
      <time>{clock.second(message.received_us).slice(-8)}</time>
    </li>
  );
}

export function LiveEvents() {
  const { t } = useApp();
  const { messages, error } = useLive();
  return (
    <Card title={t('feeds.live')} note={t('feeds.live_note')}>
      {error ? <Problem error={error} /> : null}
      {messages.length === 0 && !error ? <Empty>{t('feeds.live_none')}</Empty> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard */}
      <ol className="lives" tabIndex={0} aria-label={t('feeds.live')}>
        {messages.map((message) => (
          <MessageRow key={message.sequence} message={message} />
        ))}
      </ol>
    </Card>
  );
}
