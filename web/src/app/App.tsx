/** What every page of the dashboard stands in: words, colours, the server's answers, addresses. */
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { i18n } from 'i18next';
import { useEffect, useState } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import type { Lang } from '../design/format.ts';
import { SchemeProvider } from '../design/scheme.tsx';
import { HTML_LANG } from '../i18n/index.ts';
import { ApiError } from './api/client.ts';
import { sessionQuery } from './api/session.ts';
import { keep, kept } from './language.ts';
import { makeRouter } from './router.tsx';

const SCHEME_KEY = 'perennial.scheme';

/** Asking again helps where nobody answered, not where the server said no. */
function worthAskingAgain(failures: number, error: Error): boolean {
  const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return !refused && failures < 2;
}

function makeClient(): QueryClient {
  // A session that has ended elsewhere leads to the door, whatever it was that the server refused.
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) client.setQueryData(sessionQuery.queryKey, null);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: { queries: { retry: worthAskingAgain, retryDelay: 800, refetchOnWindowFocus: true } },
  });
  return client;
}

function DocumentLanguage() {
  const { i18n } = useTranslation();
  const lang = i18n.language as Lang;
  useEffect(() => {
    document.documentElement.lang = HTML_LANG[lang];
  }, [lang]);
  return null;
}

export function App({ words }: { words: i18n }) {
  const [client] = useState(makeClient);
  const [router] = useState(makeRouter);
  const scheme = kept(SCHEME_KEY);
  return (
    <I18nextProvider i18n={words}>
      <SchemeProvider
        chosenBefore={scheme === 'dark' || scheme === 'light' ? scheme : null}
        onChoose={(chosen) => keep(SCHEME_KEY, chosen)}
      >
        <QueryClientProvider client={client}>
          <DocumentLanguage />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </SchemeProvider>
    </I18nextProvider>
  );
}
