/** The report page: navigation, header, sections. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BrandMark } from '../components/BrandMark.tsx';
import { Segmented } from '../components/Segmented.tsx';
import type { Lang } from '../design/format.ts';
import { useScheme } from '../design/scheme.tsx';
import { HTML_LANG, LANGS } from '../i18n/index.ts';
import { useReport } from './context.tsx';
import { SECTIONS } from './sections/index.ts';

const LANG_NAMES: Record<Lang, string> = { zh: '中文', en: 'English' };

/** Version of the contract that this page was drawn for. */
const KNOWN_VERSION = 1;

/** Id of the section nearest to the top of the window. */
function useCurrentSection(): string {
  const [current, setCurrent] = useState(SECTIONS[0]?.id ?? '');
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        const entered = entries.find((entry) => entry.isIntersecting);
        if (entered) setCurrent(entered.target.id);
      },
      { rootMargin: '-12% 0px -80% 0px' },
    );
    for (const { id } of SECTIONS) {
      const element = document.getElementById(id);
      if (element) observer.observe(element);
    }
    return () => observer.disconnect();
  }, []);
  return current;
}

function Navigation() {
  const { t } = useTranslation();
  const current = useCurrentSection();
  return (
    <nav aria-label={t('nav.label')}>
      <BrandMark />
      <ul>
        {SECTIONS.map(({ id }) => (
          <li key={id}>
            <a href={`#${id}`} aria-current={id === current ? 'location' : undefined}>
              {t(`nav.${id}`)}
            </a>
          </li>
        ))}
      </ul>
      <p>{t('nav.offline')}</p>
    </nav>
  );
}

/** Language, light or dark, paper. */
export function Controls() {
  const { t, i18n } = useTranslation();
  const { scheme, toggle } = useScheme();
  return (
    <div className="controls">
      <Segmented
        label={t('controls.language')}
        value={i18n.language as Lang}
        onChange={(lang) => void i18n.changeLanguage(lang)}
        options={LANGS.map((lang) => ({ value: lang, text: LANG_NAMES[lang], lang: HTML_LANG[lang] }))}
      />
      <button type="button" className="plain" onClick={toggle}>
        {t(scheme === 'dark' ? 'controls.light' : 'controls.dark')}
      </button>
      <button type="button" className="plain print" onClick={() => print()}>
        {t('controls.print')}
      </button>
    </div>
  );
}

function Header() {
  const { report, f, t } = useReport();
  const { first_day: first, last_day: last } = report;
  const facts = [
    first ? `${f.day(first)} – ${f.day(last)}` : t('header.no_orders'),
    t('n_customers', { count: report.customers, n: f.int(report.customers) }),
    t('n_orders', { count: report.orders, n: f.int(report.orders) }),
    `${t(report.revenue_basis === 'gross' ? 'header.gross' : 'header.net')} ${f.money(report.revenue)}`,
    `${t('header.refunds')} ${f.money(report.refunds)}`,
    t('header.files', { count: report.inputs.length }),
  ];
  return (
    <header>
      <div className="title">
        <h1>{t('header.title')}</h1>
        <span title={`< ${report.as_of} · ${report.timezone}`}>
          {t('header.as_of', { day: f.asOf(report.as_of) })}
        </span>
        <Controls />
      </div>
      <ul className="about">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      {report.currency === 'XXX' ? <p className="notice">{t('header.no_currency')}</p> : null}
      {report.version > KNOWN_VERSION ? <p className="notice">{t('header.newer')}</p> : null}
    </header>
  );
}

export function Page() {
  const { t } = useReport();
  return (
    <div className="app">
      <a className="skip" href="#overview">
        {t('nav.skip')}
      </a>
      <Navigation />
      <main>
        <Header />
        {SECTIONS.map(({ id, Content }) => (
          <section key={id} id={id} aria-labelledby={`${id}-title`}>
            <h2 id={`${id}-title`} className={id === 'overview' ? 'hidden' : undefined}>
              {t(`nav.${id}`)}
            </h2>
            <Content />
          </section>
        ))}
        <footer>{t('footer')}</footer>
      </main>
    </div>
  );
}
