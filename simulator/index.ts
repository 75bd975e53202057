import type { Env } from './tenant-object.ts'

export { TenantObject } from './tenant-object.ts'

/** One object has everything; the Worker only leads there. */
function tenantOf(env: Env) {
  return env.TENANT.get(env.TENANT.idFromName('contoso'))
}

export default {
  fetch: (request, env) => tenantOf(env).fetch(request),
  async scheduled(_controller, env) {
    await tenantOf(env).tick()
  },
} satisfies ExportedHandler<Env>
