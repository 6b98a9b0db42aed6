/** The card at the door: signing in, becoming the owner, joining. */
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BrandMark } from '../../../components/BrandMark.tsx';
import { LanguageChoice } from '../../components/LanguageChoice.tsx';

interface Props {
  title: string;
  lead?: string;
  children?: ReactNode;
}

export function DoorFrame({ title, lead, children }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('shell.product')}`;
  }, [title, t]);
  return (
    <div className="door">
      <main className="door-card">
        <BrandMark size={30} />
        <h1>{title}</h1>
        {lead ? <p className="door-lead">{lead}</p> : null}
        {children}
      </main>
      <footer className="door-foot">
        <LanguageChoice />
      </footer>
    </div>
  );
}
