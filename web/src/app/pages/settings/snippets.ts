/** Lines that send a first event, to be copied as they are. */

export const LANGUAGES = ['node', 'browser', 'curl', 'python'] as const;

export type SnippetLanguage = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Record<SnippetLanguage, string> = {
  node: 'Node.js',
  browser: 'JavaScript',
  curl: 'curl',
  python: 'Python',
};

const SNIPPETS: Record<SnippetLanguage, (host: string, key: string) => string> = {
  node: (host, key) => `import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({ writeKey: '${key}', host: '${host}' });

analytics.track({
  userId: 'M10021',
  event: 'Order Completed',
  properties: { order_id: 'T1001', total: 259.0, currency: 'CNY' },
});`,
  browser: (host, key) => `import { AnalyticsBrowser } from '@segment/analytics-next';

const analytics = AnalyticsBrowser.load(
  { writeKey: '${key}', cdnURL: '${host}' },
  { integrations: { 'Segment.io': { apiHost: '${host.replace(/^https?:\/\//, '')}/v1' } } },
);

analytics.track('Product Viewed', { product_id: 'P17' });`,
  curl: (host, key) => `curl ${host}/v1/track -u '${key}:' -H 'content-type: application/json' -d '{
  "userId": "M10021",
  "event": "Order Completed",
  "properties": { "order_id": "T1001", "total": 259.0, "currency": "CNY" }
}'`,
  python: (host, key) => `import segment.analytics as analytics

analytics.write_key = "${key}"
analytics.host = "${host}"

analytics.track("M10021", "Order Completed", {"order_id": "T1001", "total": 259.0, "currency": "CNY"})
analytics.flush()`,
};

export function snippet(language: SnippetLanguage, host: string, writeKey: string | null): string {
  return SNIPPETS[language](host, writeKey ?? 'WRITE_KEY');
}
