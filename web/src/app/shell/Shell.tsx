/** The frame of every page for who is signed in: navigation, the page, the command palette. */
import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../api/session.ts';
import type { Session } from '../api/types.ts';
import { FullProblem } from '../components/Problem.tsx';
import { BootSkeleton } from '../components/Skeleton.tsx';
import { hasChosenLang } from '../language.ts';
import { Navigation } from './Navigation.tsx';
import { PaletteProvider } from './Palette.tsx';

/** A browser that was never told a language speaks the member's. */
function useMembersLanguage(session: Session | null | undefined): void {
  const { i18n } = useTranslation();
  const language = session?.member.language;
  useEffect(() => {
    const known = language === 'zh' || language === 'en';
    if (known && !hasChosenLang()) void i18n.changeLanguage(language);
  }, [language, i18n]);
}

export function Shell() {
  const { t } = useTranslation();
  const { data: session, error, isPending, refetch } = useQuery(sessionQuery);
  const { href } = useLocation();
  useMembersLanguage(session);
  if (isPending) return <BootSkeleton />;
  if (session === undefined) return <FullProblem error={error} onRetry={() => void refetch()} />;
  if (session === null)
    return <Navigate to="/sign-in" search={{ to: href === '/' ? undefined : href }} replace />;
  return (
    <PaletteProvider>
      <div className="app">
        <a className="skip" href="#content">
          {t('shell.skip')}
        </a>
        <Navigation session={session} />
        <main id="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </PaletteProvider>
  );
}
