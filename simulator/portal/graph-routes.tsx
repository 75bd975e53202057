import { Hono } from 'hono'
import { faultInput, graphSettingsInput } from '../api/index.ts'
import {
  addFault,
  expireDeltaLinks,
  expireTokens,
  forgetRequests,
  loadGraphSettings,
  removeFaults,
  saveGraphSettings,
} from '../graph/index.ts'
import type { World } from '../world.ts'
import { type Form, readForm } from './form.ts'
import { GraphPage } from './graph-page.tsx'

const buttons: Readonly<Record<string, (world: World) => void>> = {
  'expire-tokens': (world) => expireTokens(world, null),
  'expire-links': ({ sql }) => expireDeltaLinks(sql),
  'remove-faults': ({ sql }) => removeFaults(sql, null),
  forget: ({ sql }) => forgetRequests(sql),
}

/** The page "Microsoft Graph": how it behaves, what goes wrong there, and what was asked of it. */
export function graphPageRoutes(world: World): Hono {
  const { sql } = world
  const routes = new Hono()
  routes.get('/graph', (c) => c.html(<GraphPage sql={sql} problem={null} />))
  routes.post('/graph', async (c) => {
    const read = graphSettingsInput.safeParse(settingsIn(await readForm(c)))
    if (!read.success) return c.html(<GraphPage sql={sql} problem={wrong(read.error)} />, 400)
    const given = Object.entries(read.data).filter(([, value]) => value !== undefined)
    saveGraphSettings(sql, { ...loadGraphSettings(sql), ...Object.fromEntries(given) })
    return c.redirect('/graph', 303)
  })
  routes.post('/graph/faults', async (c) => {
    const form = await readForm(c)
    if (form.isOn('remove')) {
      removeFaults(sql, form.number('remove'))
      return c.redirect('/graph', 303)
    }
    const read = faultInput.safeParse(faultIn(form))
    if (!read.success) return c.html(<GraphPage sql={sql} problem={wrong(read.error)} />, 400)
    addFault(sql, read.data)
    return c.redirect('/graph', 303)
  })
  routes.post('/graph/do', async (c) => {
    const button = buttons[(await readForm(c)).text('what')]
    if (button === undefined) return c.notFound()
    button(world)
    return c.redirect('/graph', 303)
  })
  return routes
}

/** What the form of settings says; a field that is empty says nothing. */
function settingsIn(form: Form) {
  const numbers = [
    ...(['deltaPageSize', 'listPageSize', 'tokenSeconds', 'deltaTokenSeconds'] as const),
    'linkPadding' as const,
  ]
  const given = numbers.map((name) => [name, form.number(name) ?? undefined] as const)
  return { ...Object.fromEntries(given), expiredDelta: form.orNull('expiredDelta') ?? undefined }
}

function faultIn(form: Form) {
  const retryAfter = form.orNull('retryAfter')
  const isSeconds = retryAfter !== null && /^\d+$/.test(retryAfter)
  const numbers = ['status', 'delayMs', 'skip', 'count', 'share', 'seed'] as const
  return {
    kind: form.text('kind'),
    effect: form.text('effect'),
    retryAfter: isSeconds ? Number(retryAfter) : retryAfter,
    ...Object.fromEntries(numbers.map((name) => [name, form.number(name) ?? undefined])),
  }
}

function wrong(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
}): string {
  const [issue] = error.issues
  return `${issue?.path.join('.')}: ${issue?.message}`
}
