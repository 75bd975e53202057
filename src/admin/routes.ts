import { Hono } from 'hono'
import type { AppEnv } from '../http/index.ts'
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
  routes.use(authorize(config.adminKeys))
  for (const { operation, answer } of endpoints) {
    routes.on(operation.method, operation.path.replaceAll(/\{(\w+)\}/g, ':$1'), answer)
  }
  return routes
}
