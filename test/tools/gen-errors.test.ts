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
    'saml.audience': { ...entry, spec: 'SAML Core 2.5.1.4' },
    'directory.busy': { ...entry, status: 503 },
  })
  expect(text).toContain('| `saml.audience` | 403 | A \\| B. | Mend. | SAML Core 2.5.1.4 |')
  expect(text.indexOf('## directory')).toBeLessThan(text.indexOf('## saml'))
  expect(text).toContain('| `directory.busy` | 503 |')
})
