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
  /** The name is data of the brand, not a word of the interface. */
  isData?: boolean;
  children?: ReactNode;
}

export function PageHead({ title, note, isData, children }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('shell.product')}`;
  }, [title, t]);
  return (
    <header className="page-head">
      <h1 data-raw={isData || undefined}>{title}</h1>
      {note ? <div className="page-note">{note}</div> : null}
      <div className="page-actions">
        <SearchButton />
        {children}
      </div>
    </header>
  );
}
