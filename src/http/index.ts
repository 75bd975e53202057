/**
 * Owns what every route shares: the request's context, cookies, security headers, rate limits, the page
 * frame, and the one place that turns a failure into a page or problem details. Knows no domain. Called
 * by the route modules and `app`.
 */
export * from './background.ts'
export * from './context.ts'
export * from './cookies.ts'
export * from './door-limit.ts'
export * from './errors.ts'
export * from './explain-aadsts.ts'
export * from './fragment-form.tsx'
export * from './layout.tsx'
export * from './navigation.ts'
export * from './own-page.ts'
export * from './principal.ts'
export * from './problem.ts'
export * from './read-body.ts'
export * from './request-context.ts'
export * from './responder.tsx'
export * from './scim-error.ts'
