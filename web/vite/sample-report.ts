/** Dev server only: puts a sample report into the page; `?sample=en`, `zh` or `tiny` chooses. */
import type { Plugin } from 'vite';
import { embedReport } from '../src/lib/embed.ts';
import { makeSample, type SampleName } from '../src/sample/index.ts';

export function sampleReport(): Plugin {
  return {
    name: 'perennial-sample-report',
    apply: 'serve',
    transformIndexHtml(html, context) {
      const query = new URL(context.originalUrl ?? '/', 'http://localhost').searchParams;
      const name = (query.get('sample') ?? 'zh') as SampleName;
      return embedReport(html, makeSample(name));
    },
  };
}
