/** Addresses of the console's static files (tools/gen-assets.ts). */
export const assets = {
  css: '/console.css?d4d74fe6ad9d',
  js: '/console.js?2484a433222c',
  htmx: '/htmx.js?a0abb04f2f45',
} as const
