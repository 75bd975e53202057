import type { ErrorEntry } from '../kernel/index.ts'

/** Failures that belong to no domain: configuration, the database, limits, routing. */
export type HttpFailure =
  | { readonly code: 'config.invalid'; readonly problems: readonly string[] }
  | { readonly code: 'store.unavailable' }
  | { readonly code: 'store.schema_outdated'; readonly problems: readonly string[] }
  | { readonly code: 'http.not_found' }
  | { readonly code: 'http.method_not_allowed' }
  | { readonly code: 'http.too_many_requests' }
  | { readonly code: 'http.internal' }

export const httpErrors = {
  'config.invalid': {
    status: 503,
    tell: 'unavailable',
    log: 'error',
    means: 'The configuration is incomplete or wrong, so nothing is served.',
    fix: 'See GET /healthz for the variables, then docs/guides/deploy.md.',
  },
  'store.unavailable': {
    status: 503,
    tell: 'unavailable',
    log: 'error',
    means: 'The database did not answer; a write was stored whole or not at all.',
    fix: 'Try again in a moment; if it stays, check D1 in the Cloudflare dashboard.',
  },
  'store.schema_outdated': {
    status: 503,
    tell: 'unavailable',
    log: 'error',
    means: 'The database is older than the code.',
    fix: 'Run: npx wrangler d1 migrations apply portico --remote',
  },
  'http.not_found': {
    status: 404,
    tell: 'not-found',
    log: 'info',
    means: 'There is nothing at this address.',
    fix: 'Compare the path and method with GET /api/v1/openapi.json.',
  },
  'http.method_not_allowed': {
    status: 405,
    tell: 'bad-request',
    log: 'info',
    means: 'This address exists, but not with this method.',
    fix: 'Use a method that the Allow header names; GET /api/v1/openapi.json describes them.',
    spec: 'RFC 9110 15.5.6',
  },
  'http.too_many_requests': {
    status: 429,
    tell: 'too-many',
    log: 'warn',
    means: 'One address sent more requests to this door than an office would.',
    fix: 'Wait for the seconds in Retry-After.',
  },
  'http.internal': {
    status: 500,
    tell: 'internal',
    log: 'error',
    means: 'A mistake in Portico.',
    fix: 'Report it with the request id; the log has the details.',
  },
} as const satisfies Record<HttpFailure['code'], ErrorEntry>
