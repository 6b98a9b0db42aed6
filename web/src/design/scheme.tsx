/** Light or dark: the system's choice until the reader makes one; always light on paper. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { resizeCharts } from '../components/alive.ts';
import { type Palette, palettes, type Scheme } from './tokens.ts';

interface SchemeState {
  scheme: Scheme;
  palette: Palette;
  toggle(): void;
}

const DARK_QUERY = '(prefers-color-scheme: dark)';

const SchemeContext = createContext<SchemeState>({ scheme: 'light', palette: palettes.light, toggle() {} });

function useSystemScheme(): Scheme {
  const [isDark, setDark] = useState(() => matchMedia(DARK_QUERY).matches);
  useEffect(() => {
    const query = matchMedia(DARK_QUERY);
    const follow = () => setDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return isDark ? 'dark' : 'light';
}

/** True between `beforeprint` and `afterprint`; charts take the paper's width before it starts. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const change = (next: boolean) => () => {
      document.documentElement.classList.toggle('printing', next);
      flushSync(() => setPrinting(next));
      resizeCharts();
    };
    const [before, after] = [change(true), change(false)];
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
  return printing;
}

interface Props {
  children: ReactNode;
  /** What the reader chose at an earlier visit, where that is kept. */
  chosenBefore?: Scheme | null;
  onChoose?(scheme: Scheme): void;
}

export function SchemeProvider({ children, chosenBefore = null, onChoose }: Props) {
  const system = useSystemScheme();
  const [chosen, setChosen] = useState<Scheme | null>(chosenBefore);
  const printing = usePrinting();
  const screen = chosen ?? system;
  const scheme = printing ? 'light' : screen;
  document.documentElement.dataset.scheme = scheme;
  const toggle = useCallback(() => {
    const other = screen === 'dark' ? 'light' : 'dark';
    setChosen(other);
    onChoose?.(other);
  }, [screen, onChoose]);
  const state = useMemo(() => ({ scheme, palette: palettes[scheme], toggle }), [scheme, toggle]);
  return <SchemeContext value={state}>{children}</SchemeContext>;
}

export function useScheme(): SchemeState {
  return useContext(SchemeContext);
}
