/** Head of a page: its name, a note, the search of everything, its own actions. */
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { usePalette } from '../shell/Palette.tsx';

const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

function SearchButton() {
  const { t } = useTranslation();
  const open = usePalette();
  return (
    <button type="button" className="search-button" onClick={open}>
      <span>{t('palette.button')}</span>
      <kbd>{IS_APPLE ? '⌘K' : 'Ctrl K'}</kbd>
    </button>
  );
}

interface Props {
  title: string;
  note?: ReactNode;
  children?: ReactNode;
}

export function PageHead({ title, note, children }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('shell.product')}`;
  }, [title, t]);
  return (
    <header className="page-head">
      <h1>{title}</h1>
      {note ? <p>{note}</p> : null}
      <div className="page-actions">
        <SearchButton />
        {children}
      </div>
    </header>
  );
}
