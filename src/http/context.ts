import type { Context } from 'hono'
import type { Config } from '../env.ts'
import type { AnyFailure, Clock, ErrorEntry, Log, RandomBytes } from '../kernel/index.ts'
import type { Principal } from './principal.ts'
import type { Problem } from './problem.ts'

export type { Config } from '../env.ts'

/** What the outside world is made of: passed in, so that every judgement can be tested. */
export type Deps = {
  readonly config: Config
  readonly d1: D1Database
  readonly clock: Clock
  readonly random: RandomBytes
  readonly fetch: typeof fetch
  /** Doors that strangers knock on. */
  readonly doorLimiter: RateLimit
  /** How often one network may name a connection that there is not, before the primary is asked for it. */
  readonly unknownLimiter: RateLimit
  /** Whether a refusal before a valid signature is stored as an event of its own. */
  readonly evidenceLimiter: RateLimit
  /** How often one SCIM credential may call. */
  readonly scimLimiter: RateLimit
  /**
   * Asks a connection's tenant which groups somebody is in, by object id: for sign-ins that have too many to say. Null
   * where that stays unknown; left out where nobody can be asked.
   */
  readonly memberGroups?:
    | ((who: {
        readonly organizationId: string
        readonly connectionId: string
        readonly objectId: string
      }) => Promise<readonly string[] | null>)
    | null
  /** A JSON file that is served beside the Worker (public/). */
  readonly readAsset: (path: string) => Promise<unknown>
  readonly log: Log
}

/** How a failure is answered: to a person at a browser, to a program, or to a SCIM client. */
export type Audience = 'browser' | 'program' | 'scim'

export type Lookup = { readonly label: string; readonly value: string; readonly href?: string }

export type FailOptions = {
  readonly audience?: Audience
  /** Paragraphs below the sentence, in our own words. */
  readonly hints?: readonly string[]
  /** What an admin can look up, shown beside the reference; of a stranger's text only digits and GUIDs. */
  readonly lookups?: readonly Lookup[]
  readonly headers?: Readonly<Record<string, string>>
  /** Where the person can try again. */
  readonly retryUrl?: string
  /** Whether somebody else has to change something before trying again can help. */
  readonly retryIsIdle?: boolean
  /** Field of the request that is wrong, for programs. */
  readonly field?: string
}

export type AppEnv = {
  Variables: {
    deps: Deps
    /** The reference number that is shown, returned and logged. */
    requestId: string
    /** The moment the request is judged at, in milliseconds since the epoch. */
    nowMs: number
    /** Nonce of this answer's inline style and script. */
    nonce: string
    /** The one place that turns a failure into an answer. */
    fail: (failure: AnyFailure, options?: FailOptions) => Response | Promise<Response>
    /** The same in words, for pages that show a failure beside other things. */
    explain: (failure: AnyFailure) => Problem
    /** What an event's code means and what to do about it; null for one that there is no more. */
    entryOf: (code: string) => ErrorEntry | null
    /** Who asks for an operation of the Admin API; set where somebody was recognized. */
    principal: Principal
  }
}

export type AppContext = Context<AppEnv>
