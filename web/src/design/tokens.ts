/** Colours of both schemes, once for the style sheet and for the charts. */

export type Scheme = 'light' | 'dark';

export interface Palette {
  bg: string;
  card: string;
  line: string;
  ink: string;
  /** Second ink: the palest that text may have. */
  ink2: string;
  /** Third ink: decoration only. */
  ink3: string;
  accent: string;
  accentWeak: string;
  /** Ink on a surface of the accent. */
  onAccent: string;
  warn: string;
  /** Warn as text: `warn` on white is under 4.5 : 1. */
  warnInk: string;
  warnWeak: string;
  bad: string;
  badWeak: string;
  retained: string;
  fresh: string;
  resurrected: string;
  churned: string;
  stages: Record<string, string>;
  /** Most of the accent that a heat cell may hold with readable ink on it, percent. */
  heatMax: string;
  /** A heat cell without heat. */
  heatBase: string;
}

const light: Palette = {
  bg: '#F6F7F5',
  card: '#FFFFFF',
  line: '#E4E8E4',
  ink: '#16211C',
  ink2: '#55645C',
  ink3: '#8A978F',
  accent: '#17795B',
  accentWeak: '#E6F2EC',
  onAccent: '#FFFFFF',
  warn: '#B86B00',
  warnInk: '#8F5200',
  warnWeak: '#FCF1DF',
  bad: '#B3362B',
  badWeak: '#FBE9E7',
  retained: '#2A9D74',
  fresh: '#4F8FE8',
  resurrected: '#8C7AD6',
  churned: '#D3907F',
  stages: {
    new: '#4F8FE8',
    active: '#2A9D74',
    loyal: '#0F6B4C',
    at_risk: '#E2A03F',
    lapsed: '#C2794B',
    lost: '#9B7B78',
    won_back: '#8C7AD6',
    none: '#C3CCC6',
  },
  heatMax: '68%',
  heatBase: '#F1F4F1',
};

const dark: Palette = {
  bg: '#0F1512',
  card: '#161E1A',
  line: '#26312B',
  ink: '#E8EFEA',
  ink2: '#A9B7AF',
  ink3: '#74837B',
  accent: '#4CC38A',
  accentWeak: '#17302A',
  onAccent: '#0B1610',
  warn: '#E8A33D',
  warnInk: '#E8A33D',
  warnWeak: '#2E2415',
  bad: '#EF7A6D',
  badWeak: '#331C1A',
  retained: '#3FAF83',
  fresh: '#5F9BEF',
  resurrected: '#9B8AE0',
  churned: '#C98A7A',
  stages: {
    new: '#5F9BEF',
    active: '#3FAF83',
    loyal: '#1E8A65',
    at_risk: '#E8AE55',
    lapsed: '#CF8A5E',
    lost: '#AE908D',
    won_back: '#9B8AE0',
    none: '#4A5650',
  },
  heatMax: '46%',
  heatBase: '#1D2823',
};

export const palettes: Record<Scheme, Palette> = { light, dark };

/** `accentWeak` → `--accent-weak`. */
function variable(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function declarations(palette: Palette): string {
  const { stages, ...plain } = palette;
  const own = Object.entries(plain).map(([name, value]) => `${variable(name)}:${value}`);
  const staged = Object.entries(stages).map(([name, value]) => `--stage-${name}:${value}`);
  return [...own, ...staged].join(';');
}

/** Both palettes as custom properties; the scheme is an attribute of the root element. */
export function tokensCss(): string {
  return `:root{${declarations(light)};color-scheme:light}[data-scheme=dark]{${declarations(dark)};color-scheme:dark}`;
}
