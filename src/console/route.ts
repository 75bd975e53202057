import type { AppContext, Principal, Problem, SetupPart } from '../http/index.ts'

/** Who is in the console. */
export type Visitor = {
  readonly principal: Principal
  /** How they came in, which decides how they prove again who they are. */
  readonly by: 'key' | 'access' | 'person' | 'setup-link'
  /** How pages name them. */
  readonly name: string
  /** Goes with every form: another site's page cannot know it. */
  readonly csrf: string
  /** Of this answer: a form that is sent twice makes one thing. */
  readonly once: string
  /** When they last proved who they are. */
  readonly confirmedAtMs: number
  /** Id of the row in `console_sessions`; null for people, who have a session of their own. */
  readonly sessionId: string | null
  /** Where a person signs in again. */
  readonly loginUrl: string | null
}

/** An organization as the Admin API answers it. */
export type OrganizationAnswer = {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly domains: readonly string[]
  readonly appOrigins: readonly string[]
  readonly sessionHours: number
  readonly signIn: 'optional' | 'required'
  readonly provisioning: {
    readonly firstLogin: boolean
    readonly scim: boolean
    readonly defaultRole: string
    readonly keepValues: boolean
  }
  readonly roleRules: readonly {
    readonly group?: string
    readonly appRole?: string
    readonly role: string
  }[]
  readonly warnings: readonly string[]
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
}

/** What a form said. A name given several times is read with `all`. */
export type FormFields = {
  text(name: string): string
  all(name: string): readonly string[]
  has(name: string): boolean
}

/** What is asked of an operation; `org` is always the page's own organization. */
export type CallInput = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export type CallAnswer<A> =
  | { readonly ok: true; readonly value: A }
  | { readonly ok: false; readonly problem: Problem }

export type ConsoleRequest = {
  readonly c: AppContext
  readonly visitor: Visitor
  readonly nowMs: number
  /** Of a page of one organization. */
  readonly org: OrganizationAnswer
  readonly form: FormFields
  param(name: string): string
  /** Empty when it is left out. */
  query(name: string): string
  /**
   * Asks an operation of the Admin API with the visitor's rights; checks, refusals and events are the API's.
   * @returns the operation's answer, whose type the caller names, or the problem in words
   */
  call<A>(operationId: string, input?: CallInput): Promise<CallAnswer<A>>
}

/** A page or the target of a form. */
export type ConsoleRoute = {
  readonly method: 'get' | 'post'
  /** Under `/console`. `/o/{org}/…` is of one organization; everything else is for operators only. */
  readonly path: string
  /** Which part a setup link must be for; `any` is for every link. Left out: no setup link. */
  readonly part?: SetupPart | 'any'
  /** Asks who it is again, when they last said so more than a quarter of an hour ago: before secrets. */
  readonly confirms?: true
  readonly handle: (request: ConsoleRequest) => Promise<Response>
}
