/** The frame of every page for who is signed in: navigation, the page, the command palette. */
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
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

/** Leads to signing in, once, and remembers what page was wanted: the address changes while one is led. */
function ToTheDoor() {
  const { href } = useLocation();
  const navigate = useNavigate();
  const [wanted] = useState(href);
  useEffect(() => {
    void navigate({ to: '/sign-in', search: { to: wanted === '/' ? undefined : wanted }, replace: true });
  }, [navigate, wanted]);
  return <BootSkeleton />;
}

export function Shell() {
  const { t } = useTranslation();
  const { data: session, error, isPending, refetch } = useQuery(sessionQuery);
  useMembersLanguage(session);
  if (isPending) return <BootSkeleton />;
  if (session === undefined) return <FullProblem error={error} onRetry={() => void refetch()} />;
  if (session === null) return <ToTheDoor />;
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
