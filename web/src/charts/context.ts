/** Words, formats and colours that a chart is drawn with. */
import type { TFunction } from 'i18next';
import type { Format } from '../design/format.ts';
import type { Palette } from '../design/tokens.ts';

export interface DrawContext {
  f: Format;
  t: TFunction;
  palette: Palette;
}
