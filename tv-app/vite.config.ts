import legacy from '@vitejs/plugin-legacy';
import { defineConfig, type Plugin } from 'vite';

/**
 * One build for every box from Chromium 38 on: ES5 in SystemJS modules. The page has no inline script, because the bridge serves it
 * with `script-src 'self'`: what the legacy plugin writes inline becomes a file.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    cssTarget: 'chrome38',
  },
  plugins: [legacy({ targets: ['chrome >= 38'], renderModernChunks: false, modernPolyfills: false }), scriptsInFiles()],
});

function scriptsInFiles(): Plugin {
  return {
    name: 'shouwang:scripts-in-files',
    enforce: 'post',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'asset' || !file.fileName.endsWith('.html')) continue;
          let n = 0;
          file.source = String(file.source).replace(/<script([^>]*)>([^<]+)<\/script>/g, (_all, attributes: string, code: string) => {
            const fileName = `assets/start${n++ || ''}.js`;
            this.emitFile({ type: 'asset', fileName, source: `${code.trim()}\n` });
            return `<script${attributes.replace(' nomodule', '').replace(' crossorigin', '')} src="./${fileName}"></script>`;
          });
        }
      },
    },
  };
}
