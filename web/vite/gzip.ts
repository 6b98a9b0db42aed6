/** Writes each text file of a build in gzip beside it, so that the server never compresses. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(js|css|html|svg|json)$/;

export function gzipFiles(): Plugin {
  return {
    name: 'perennial-gzip',
    apply: 'build',
    writeBundle({ dir }) {
      if (!dir) return;
      for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!TEXT.test(file)) continue;
        const plain = readFileSync(join(dir, file));
        const packed = gzipSync(plain, { level: 9 });
        if (packed.length < plain.length) writeFileSync(join(dir, `${file}.gz`), packed);
      }
    },
  };
}
