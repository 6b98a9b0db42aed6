/** Build of the web pages: one self-contained report.html, and a dev server with a sample in it. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { sampleReport } from './vite/sample-report.ts';
import { singleFile } from './vite/single-file.ts';

export default defineConfig({
  plugins: [react(), sampleReport(), singleFile()],
  build: {
    target: 'es2022',
    // The dashboard's files stand in the same folder.
    emptyOutDir: false,
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: 'report.html', output: { codeSplitting: false } },
  },
  server: { open: '/report.html' },
  test: { include: ['src/**/*.test.ts', 'vite/**/*.test.ts'], environment: 'node', testTimeout: 30_000 },
});
