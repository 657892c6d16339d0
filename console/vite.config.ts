import { defineConfig } from 'vite';

/** The broker serves `dist` at /console. JSX by esbuild; nothing inline, so that the broker's CSP can stay strict. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  esbuild: { jsx: 'automatic' },
  build: {
    target: 'es2022',
    // The preload helper's inline fallback is for browsers without module preload; none of the supported ones.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      // antd marks its modules for server components, which a bundle has no use for.
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
      output: {
        manualChunks: (id) => (/node_modules\/(react|react-dom|scheduler)\//.test(id) ? 'react' : undefined),
      },
    },
  },
});
