import { Hono } from 'hono'
import type { AppContext, AppEnv } from '../http/index.ts'
import { authorize } from './authorize.ts'
import { endpoints } from './endpoints.ts'
import { renderOpenApi } from './openapi.ts'

/** The Admin API, to be mounted at `/api/v1`. */
export function adminRoutes(config: {
  readonly adminKeys: readonly string[]
  readonly publicUrl: string
}) {
  const routes = new Hono<AppEnv>()
  let description: string | null = null
  // Before the key is asked for: the description is no secret.
  routes.get('/openapi.json', (c) => {
    description ??= JSON.stringify(
      renderOpenApi(
        endpoints.map(({ operation }) => operation),
        config.publicUrl,
      ),
    )
    c.header('Content-Type', 'application/json; charset=UTF-8')
    return c.body(description)
  })
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
