import { expect, it } from 'vitest'
import { renderErrors } from '../../tools/gen-errors.ts'

it('lists every code under its domain, with what to do about it', () => {
  const entry = {
    status: 403,
    tell: 'sign-in-failed',
    log: 'warn',
    means: 'A | B.',
    fix: 'Mend.',
  } as const
  const text = renderErrors({
    'saml.audience': { ...entry, spec: 'SAML Core 2.5.1.4', entra: 'SAML > Edit: this.' },
    'directory.busy': { ...entry, status: 503 },
  })
  // Each code can be linked to.
  expect(text).toContain(
    '| <a id="saml.audience"></a>`saml.audience` | 403 | A \\| B. | Mend. | SAML > Edit: this. | SAML Core 2.5.1.4 |',
  )
  expect(text.indexOf('## directory')).toBeLessThan(text.indexOf('## saml'))
  expect(text).toContain('`directory.busy` | 503 |')
})
