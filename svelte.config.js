import adapter from '@sveltejs/adapter-static'

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    // `spa.html`, not `index.html`: the Worker answers navigations with it, and an asset server must not do so
    // on its own for files that are missing.
    adapter: adapter({ pages: 'build', assets: 'build', fallback: 'spa.html' }),
    csp: {
      mode: 'hash',
      directives: { 'script-src': ['self', 'wasm-unsafe-eval'] }
    },
    serviceWorker: { register: false },
    version: { pollInterval: 30 * 60_000 }
  }
}
