import { Hono } from 'hono/tiny'
import type { AppEnv } from '../../http/index.ts'
import { show, showProblem } from '../show.tsx'
import { Card, Facts } from '../ui/index.ts'

/** What a code means: the same for everybody, and no secret (docs/errors.md), so nobody needs to sign in. */
export function errorRoutes() {
  return new Hono<AppEnv>().get('/errors/:code', (c) => {
    const code = c.req.param('code')
    const entry = c.get('entryOf')(code)
    const place = { c, visitor: null, org: null }
    if (entry === null) return showProblem(place, c.get('explain')({ code: 'http.not_found' }))
    const { means, fix, entra, spec, status } = entry
    return show(place, {
      title: code,
      children: (
        <Card title="What happened">
          <p>{means}</p>
          <Facts
            rows={[
              ['What to do', fix],
              ...(entra === undefined ? [] : [['In Microsoft Entra', entra] as const]),
              ...(spec === undefined ? [] : [['Rule', spec] as const]),
              ['Answered with', `HTTP ${status}`],
            ]}
          />
        </Card>
      ),
    })
  })
}
