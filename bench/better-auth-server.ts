/** better-auth's SCIM server with a database in memory; prints one line of JSON with its URL and token. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { scim } from '@better-auth/scim'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'

const token = randomBytes(32).toString('base64url')
// Connections stay open while the others are measured.
const server = createServer({ keepAliveTimeout: 600_000 })
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo
const origin = `http://127.0.0.1:${port}`
const options = {
  database: new DatabaseSync(':memory:'),
  baseURL: origin,
  secret: randomBytes(32).toString('base64url'),
  logger: { level: 'error' as const },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    scim({
      connections: [{ id: 'entra', credentials: [{ type: 'bearer', id: 'benchmark', token }] }],
    }),
  ],
}
const { runMigrations } = await getMigrations(options)
await runMigrations()
server.on('request', toNodeHandler(betterAuth(options)))
console.log(JSON.stringify({ url: `${origin}/api/auth/scim/v2`, token }))
