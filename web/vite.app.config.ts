/** Build of the dashboard: a page and its files, split by route; `npm run dev:app` asks a running server. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { gzipFiles } from './vite/gzip.ts';

const SERVER = process.env.PERENNIAL_SERVER ?? 'http://127.0.0.1:7070';

export default defineConfig({
  plugins: [react(), gzipFiles()],
  build: {
    target: 'es2022',
    outDir: 'dist/app',
    emptyOutDir: true,
    manifest: 'manifest.json',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: 'index.html' },
  },
  server: { proxy: { '/api': { target: SERVER, changeOrigin: false } } },
});
