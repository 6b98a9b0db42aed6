/** Puts the one script and the one style sheet of a build into its HTML, so the page opens offline. */
import type { Plugin } from 'vite';

const SCRIPT_TAG = /<script type="module"[^>]*\ssrc="[./]*([^"]+)"[^>]*><\/script>/;
const STYLE_TAG = /<link rel="stylesheet"[^>]*\shref="[./]*([^"]+)"[^>]*>/;

/** JavaScript that cannot end the script element it stands in. */
export function inlineScript(code: string): string {
  return `<script type="module">${code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')}</script>`;
}

/** CSS that cannot end the style element it stands in. */
export function inlineStyle(css: string): string {
  return `<style>${css.replaceAll('</style', '<\\/style')}</style>`;
}

/** `html` with its script and its style sheet, found by file name, written into it. */
export function inlineAssets(html: string, read: (file: string) => string): string {
  let script = '';
  const bare = html
    .replace(STYLE_TAG, (_tag, file: string) => inlineStyle(read(file)))
    .replace(SCRIPT_TAG, (_tag, file: string) => {
      script = inlineScript(read(file));
      return '';
    });
  return bare.replace('</body>', () => `${script}</body>`);
}

export function singleFile(): Plugin {
  return {
    name: 'perennial-single-file',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const used = new Set<string>();
      const read = (file: string): string => {
        const found = bundle[file];
        if (!found) throw new Error(`the page asks for ${file}, which the build did not write`);
        used.add(file);
        return found.type === 'chunk' ? found.code : String(found.source);
      };
      for (const asset of Object.values(bundle)) {
        if (asset.type !== 'asset' || !asset.fileName.endsWith('.html')) continue;
        asset.source = inlineAssets(String(asset.source), read);
      }
      for (const file of used) delete bundle[file];
      const left = Object.keys(bundle).filter((file) => !file.endsWith('.html'));
      if (left.length > 0) throw new Error(`not inlined: ${left.join(', ')}`);
    },
  };
}
