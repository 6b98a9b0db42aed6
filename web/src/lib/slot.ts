/** The slot of the page that holds the report, read. */
import type { Report } from '../report/types.ts';

/** Id of the script element; the engine's writer knows the same name. */
export const SLOT_ID = 'perennial-report';

/** The report in the slot's text; null where there is none or it is not a report. */
export function parseReport(text: string | null | undefined): Report | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    const isReport = typeof value === 'object' && value !== null && 'kpis' in value && 'as_of' in value;
    return isReport ? (value as Report) : null;
  } catch {
    return null;
  }
}
