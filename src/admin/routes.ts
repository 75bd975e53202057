import { Hono } from 'hono/tiny'
import type { AppContext, AppEnv } from '../http/index.ts'
import { authorize } from './authorize.ts'
import { endpoints } from './endpoints.ts'

/** The Admin API, to be mounted at `/api/v1`. */
export function adminRoutes(config: { readonly adminKeys: readonly string[] }) {
  const routes = new Hono<AppEnv>()
  // The description is a file that is read without asking the Worker (public/api/v1): here it is only not found.
  routes.get('/openapi.json', (c) => c.get('fail')({ code: 'http.not_found' }))
  routes.all('/openapi.json', refuseMethod(['get']))
  routes.use(authorize(config.adminKeys))
  for (const { operation, answer } of endpoints) {
    routes.on(operation.method, pattern(operation.path), answer)
  }
  // After all of them, for the methods that none of a path's operations has.
  const byPath = Map.groupBy(endpoints, ({ operation }) => operation.path)
  for (const [path, operations] of byPath) {
    routes.all(pattern(path), refuseMethod(operations.map(({ operation }) => operation.method)))
  }
  return routes
}

/** A documented path as the router writes it. */
function pattern(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** Answers a method that a path does not have, with those it has; HEAD is a GET without its body. */
function refuseMethod(methods: readonly string[]) {
  const allowed = methods.flatMap((method) => (method === 'get' ? ['get', 'head'] : [method]))
  const headers = { Allow: allowed.sort().join(', ').toUpperCase() }
  return (c: AppContext) => c.get('fail')({ code: 'http.method_not_allowed' }, { headers })
}
