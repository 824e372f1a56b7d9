import { defineConfig } from 'vite'

/** Built by `src/build-web.ts`, served by `src/kit/serve-web.ts` below /app/. */
export default defineConfig({
  base: '/app/',
  // The landing page's icon is served by the API.
  publicDir: false,
  build: { target: 'es2024', chunkSizeWarningLimit: 700, reportCompressedSize: false },
})
