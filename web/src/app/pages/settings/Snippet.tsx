/** How to send, in the language of one's choice. */
import { useState } from 'react';
import { Card } from '../../../components/Card.tsx';
import { Segmented } from '../../../components/Segmented.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { useApp } from '../../context.tsx';
import { LANGUAGE_NAMES, LANGUAGES, type SnippetLanguage, snippet } from './snippets.ts';

export function Snippet({ writeKey }: { writeKey: string | null }) {
  const { t } = useApp();
  const [language, setLanguage] = useState<SnippetLanguage>('node');
  const text = snippet(language, location.origin, writeKey);
  return (
    <Card title={t('feeds.how')} note={t('feeds.how_note')}>
      <div className="chart-bar">
        <Segmented<SnippetLanguage>
          label={t('feeds.language')}
          value={language}
          onChange={setLanguage}
          options={LANGUAGES.map((each) => ({ value: each, text: LANGUAGE_NAMES[each], lang: 'en' }))}
        />
        <CopyButton text={text} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard too */}
      <pre tabIndex={0} translate="no">
        {text}
      </pre>
      {writeKey ? null : <p className="footnote">{t('feeds.how_key')}</p>}
    </Card>
  );
}
