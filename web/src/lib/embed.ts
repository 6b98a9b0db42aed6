/** The slot of the page, written: for the dev server and the tests; the engine has its own writer. */
import { SLOT_ID } from './slot.ts';

const EMPTY_SLOT = new RegExp(`(<script id="${SLOT_ID}" type="application/json">)null(</script>)`);

/** JSON that cannot end the script element it stands in. */
export function escapeJson(json: string): string {
  return json.replaceAll('</', '<\\/').replaceAll('<!--', '<\\u0021--');
}

/** `html` with `report` written into its empty slot. */
export function embedReport(html: string, report: unknown): string {
  if (!EMPTY_SLOT.test(html)) throw new Error('the page has no empty report slot');
  const json = escapeJson(JSON.stringify(report));
  return html.replace(EMPTY_SLOT, (_slot, open: string, close: string) => `${open}${json}${close}`);
}
