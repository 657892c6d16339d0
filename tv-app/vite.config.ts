import { join } from 'node:path';
import legacy from '@vitejs/plugin-legacy';
import { defineConfig, type Plugin } from 'vite';
import { firstFont } from './first-font.ts';

/**
 * What Chromium 38 lacks of what the page, Lightning and hls.js use; by itself the plugin would bring four times as much. A run without
 * these APIs proves the list (tests/tv/old-browser.test.ts).
 */
const POLYFILLS = [
  'es.array.fill',
  'es.array.find',
  'es.array.find-index',
  'es.array.flat',
  'es.array.flat-map',
  'es.array.from',
  'es.array.includes',
  'es.array.iterator',
  'es.global-this',
  'es.number.is-integer',
  'es.object.assign',
  'es.object.entries',
  'es.object.from-entries',
  'es.object.values',
  'es.promise.finally',
  'es.string.ends-with',
  'es.string.includes',
  'es.string.pad-start',
  'es.string.repeat',
  'es.string.starts-with',
  'es.typed-array.fill',
  'es.typed-array.from',
  'es.typed-array.set',
  'es.typed-array.slice',
];

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
    // A file of its own, so that the size of our own code can be seen.
    rollupOptions: { output: { manualChunks: (id) => (id.includes('@lightningjs') ? 'lightning' : undefined) } },
  },
  resolve: { alias: [{ find: /^@lightningjs\/core$/, replacement: join(import.meta.dirname, 'lightning-parts.js') }] },
  plugins: [
    firstFont(),
    legacy({ targets: ['chrome >= 38'], renderModernChunks: false, modernPolyfills: false, polyfills: POLYFILLS }),
    scriptsInFiles(),
    allAtOnce(),
  ],
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

/** What the first wall needs, asked for together: by itself each file would wait for the one that names it. Chromium 38 knows no preload and passes it by. */
function allAtOnce(): Plugin {
  return {
    name: 'shouwang:all-at-once',
    enforce: 'post',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const links = Object.keys(bundle).flatMap((name) => {
          if (/\/(index|lightning)-legacy-[^/]*\.js$/.test(name)) return `<link rel="preload" as="script" href="./${name}" />`;
          if (/\/first-[^/]*\.woff2$/.test(name)) return `<link rel="preload" as="font" type="font/woff2" crossorigin href="./${name}" />`;
          return [];
        });
        for (const file of Object.values(bundle)) {
          if (file.type !== 'asset' || !file.fileName.endsWith('.html')) continue;
          file.source = String(file.source)
            .replace(/\s*<link rel="modulepreload"[^>]*>/g, '')
            .replace('</head>', `  ${links.join('\n    ')}\n  </head>`);
        }
      },
    },
  };
}
