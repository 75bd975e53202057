import type { SetupFacts } from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { mayOpen, tabs } from '../tabs.ts'
import { openStep, type Statuses, setupStatus, stepsOf } from './checks.ts'
import { type Guide, type Guides, type Part, parts, type Step } from './guide.ts'
import { guideFor, loadGuides } from './guides.ts'

/** What the page of the guide shows, worked out before anything is drawn. */
export type SetupPage = {
  readonly request: ConsoleRequest
  readonly facts: SetupFacts
  readonly guides: Guides
  readonly guide: Guide
  /** Parts that the visitor may set up. */
  readonly parts: readonly Part[]
  readonly steps: readonly Step[]
  readonly statuses: Statuses
  readonly open: Step
  /** The address of this page with another step, or of one of its forms and parts. */
  readonly href: (path: string, step?: string) => string
}

/** Asks how the set-up stands and chooses guide and step: those of the address, or those that are next. */
export async function readPage(
  request: ConsoleRequest,
): Promise<{ readonly ok: true; readonly page: SetupPage } | { ok: false; problem: Problem }> {
  const connection = request.query('connection')
  const query = connection === '' ? {} : { connection }
  const asked = await request.call<SetupFacts>('getSetup', { query })
  if (!asked.ok) return asked
  const facts = asked.value
  const { principal } = request.visitor
  const allowed =
    principal.kind === 'setup-link' ? parts.filter((part) => principal.parts.includes(part)) : parts
  const provider = request.query('provider')
  const guides = await loadGuides(request.c.get('deps'))
  const guide = guideFor(guides, provider, facts)
  const steps = stepsOf(guide, allowed)
  const statuses = setupStatus(facts, request.nowMs)
  const next = openStep(steps, statuses)
  const wanted = request.query('step')
  const open = steps.find(({ key }) => key === wanted) ?? steps.find(({ key }) => key === next)
  if (open === undefined) {
    return { ok: false, problem: request.c.get('explain')({ code: 'http.not_found' }) }
  }
  const kept = { ...(provider === '' ? {} : { provider: guide.provider }), ...query }
  return {
    ok: true,
    page: {
      ...{ request, facts, guides, guide, steps, statuses, open, parts: allowed },
      href(path, step) {
        const search = new URLSearchParams({ ...kept, ...(step === undefined ? {} : { step }) })
        return url(request, `/setup${path}${search.size === 0 ? '' : `?${search}`}`)
      },
    },
  }
}

/** Whether the visitor has a tab of the organization. */
export function mayGo({ visitor }: Pick<ConsoleRequest, 'visitor'>, tab: string): boolean {
  const found = tabs.find(({ key }) => key === tab)
  return found !== undefined && mayOpen(visitor.principal, found.part)
}

/** What a form of a step is given. */
export type OfferProps = { readonly page: SetupPage; readonly problem: Problem | null }
