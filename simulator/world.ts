import type { Sql } from './directory/index.ts'

/** What the simulator has of its surroundings; tests give their own. */
export type World = {
  readonly sql: Sql
  /** Where browsers and service providers reach the simulator, without a slash at the end. */
  readonly baseUrl: string
  readonly nowMs: () => number
  /** Lets time pass, for answers that come late on purpose. */
  readonly wait: (ms: number) => Promise<void>
  /** Calls applications: a service provider's metadata, SCIM, token endpoints. */
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
}
