/** Ant Design in our colours, type and language; only pages that need tables, pickers and forms load it. */
import { App, ConfigProvider, theme } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { FONT } from '../../design/chart-theme.ts';
import { useScheme } from '../../design/scheme.tsx';
import type { Palette } from '../../design/tokens.ts';
import { useLanguage } from '../language.ts';

function tokensOf(palette: Palette) {
  return {
    colorPrimary: palette.accent,
    colorInfo: palette.accent,
    colorLink: palette.accent,
    colorSuccess: palette.accent,
    colorWarning: palette.warn,
    colorError: palette.bad,
    colorText: palette.ink,
    colorTextSecondary: palette.ink2,
    colorTextTertiary: palette.ink2,
    colorTextPlaceholder: palette.ink2,
    colorTextDescription: palette.ink2,
    colorBgContainer: palette.card,
    colorBgElevated: palette.card,
    colorBgLayout: palette.bg,
    colorBorder: palette.line,
    colorBorderSecondary: palette.line,
    colorTextLightSolid: palette.onAccent,
    fontFamily: FONT,
    fontSize: 14,
    borderRadius: 8,
    borderRadiusLG: 12,
    controlHeight: 34,
    wireframe: false,
  };
}

function partsOf(palette: Palette) {
  return {
    Table: {
      headerBg: palette.card,
      headerColor: palette.ink2,
      headerSplitColor: 'transparent',
      headerSortActiveBg: palette.card,
      headerSortHoverBg: palette.bg,
      bodySortBg: palette.card,
      rowHoverBg: palette.bg,
      cellPaddingBlockSM: 7,
      cellPaddingInlineSM: 8,
      cellFontSizeSM: 13,
    },
    Select: { optionSelectedBg: palette.accentWeak },
  };
}

export function AntFrame({ children }: { children: ReactNode }) {
  const { scheme, palette } = useScheme();
  const { lang } = useLanguage();
  const look = useMemo(
    () => ({
      algorithm: scheme === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
      token: tokensOf(palette),
      components: partsOf(palette),
    }),
    [scheme, palette],
  );
  return (
    <ConfigProvider theme={look} locale={lang === 'zh' ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <App component={false}>{children}</App>
    </ConfigProvider>
  );
}
