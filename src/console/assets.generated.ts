/** Addresses of the console's static files (tools/gen-assets.ts). */
export const assets = {
  css: '/console.css?56454802f165',
  js: '/console.js?f1873fe7d5d0',
  htmx: '/htmx.js?a0abb04f2f45',
} as const
