import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { azScript } from '../../src/console/script/az.ts'
import { type AskedScript, checkScriptInput } from '../../src/console/script/input.ts'
import { powershellScript } from '../../src/console/script/powershell.ts'
import { asked, inputOf } from './script-world.ts'

const variants: readonly Partial<AskedScript>[] = [
  {},
  { connectionId: null },
  { tenantId: null },
  { withScim: false },
  { claims: ['department', 'jobTitle'] },
  { connectionId: null, tenantId: null, withScim: false, claims: ['country'] },
]

/** Every name that the page lets in, the worst ones among them. */
const names = fc.oneof(
  fc.constantFrom(
    "'; Remove-Item -Recurse C:\\; '",
    '$(touch owned)',
    '`touch owned`',
    '\u2018; Get-Process; \u2019',
    '\u201a\u201b',
    '#> Remove-Item #',
    'Bob\'s "app" \\',
    'Зонд Бета',
  ),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
)

describe('what goes into a script', () => {
  it.each<[string, Partial<AskedScript>, string]>([
    ['an empty name', { name: '' }, 'name'],
    ['blanks at its ends', { name: ' x' }, 'name'],
    ['a line end', { name: 'a\nb' }, 'name'],
    ['a line separator', { name: 'a\u2028b' }, 'name'],
    ['a mark that turns the direction', { name: 'a\u202eb' }, 'name'],
    ['a zero width blank', { name: 'a\u200bb' }, 'name'],
    ['a name too long', { name: 'x'.repeat(121) }, 'name'],
    ['a claim of no list', { claims: ['groups'] }, 'claims'],
    ['a claim that is a word of the language', { claims: ['constructor'] }, 'claims'],
    ['no connection id', { connectionId: 'con_1; id' }, 'connection'],
    ['no tenant', { tenantId: "a'; id; '" }, 'tenant'],
    ['an address with a quote', { publicUrl: "https://a.example/'" }, 'url'],
    ['an address with a query', { setupUrl: 'https://a.example/?$(id)' }, 'url'],
    ['an address that is none', { publicUrl: 'javascript:alert(1)' }, 'url'],
  ])('is not %s', (_what, changes, field) => {
    const checked = checkScriptInput({ ...asked, ...changes })
    expect(checked.ok ? [] : checked.failure.map((error) => error.field)).toEqual([field])
  })

  it('is the cloud of the deployment, and the public one while the tenant is simulated', () => {
    const government = inputOf({
      graphUrl: 'https://graph.microsoft.us',
      loginUrl: 'https://login.microsoftonline.us',
    })
    expect([government.cloud.environment, government.loginUrl]).toEqual([
      'USGov',
      'https://login.microsoftonline.us',
    ])
    expect(government.cloud.templateId).toBe('4602d0b4-76bb-404b-bca9-2652e1a39c6d')
    const simulated = inputOf({
      graphUrl: 'http://127.0.0.1:8788',
      loginUrl: 'http://127.0.0.1:8788',
    })
    expect([simulated.cloud.environment, simulated.loginUrl]).toEqual([
      'Global',
      'https://login.microsoftonline.com',
    ])
  })
})

describe('both scripts', () => {
  it.each(variants)(
    'of %j say what they do and need, hold no secret, and ask for the token',
    (changes) => {
      const input = inputOf(changes)
      for (const script of [azScript(input), powershellScript(input)]) {
        expect(script).toContain('READ IT BEFORE YOU RUN IT')
        expect(script).toContain('You need the role Cloud Application Administrator')
        expect(script).toContain('8adf8e6e-67b2-4cf2-a259-e3dc5476c621')
        expect(script).toContain('addTokenSigningCertificate')
        expect(script).not.toContain('portico_scim_')
        expect(script.includes('synchronization/jobs')).toBe(input.withScim)
        expect(script.includes('claimsMappingPolicies')).toBe(input.claims.length > 0)
      }
      expect(azScript(input).includes('read -r -s')).toBe(input.withScim)
      expect(powershellScript(input).includes('-AsSecureString')).toBe(input.withScim)
      expect(powershellScript(input).includes('Synchronization.ReadWrite.All')).toBe(input.withScim)
    },
  )

  it('enter the addresses of the connection that is known', () => {
    for (const script of [azScript(inputOf()), powershellScript(inputOf())]) {
      for (const end of ['metadata', 'acs', 'login', 'slo']) {
        expect(script).toContain(
          `'https://sso.example.com/saml/con_00000000000000000000000001/${end}'`,
        )
      }
    }
  })

  it('hold a name only where it was quoted: everything else is the same for any name', () => {
    const bare = (script: string) => script.split('\n').filter((line) => !isOfName(line))
    fc.assert(
      fc.property(names, fc.constantFrom(...variants), (name, changes) => {
        const checked = checkScriptInput({ ...asked, ...changes, name })
        if (!checked.ok) return
        const plain = inputOf(changes)
        for (const make of [azScript, powershellScript]) {
          expect(bare(make(checked.value))).toEqual(bare(make(plain)))
        }
      }),
    )
  })
})

/** Lines that hold the name: the name itself, the body of the first call, and the filter. */
function isOfName(line: string): boolean {
  return /^(?:\$name = |body (?:\$)?'\{"displayName|\$?filter ?= ?')/.test(line)
}

describe('the PowerShell script', () => {
  it.each(variants)(
    'of %j is printable ASCII, so that no code page makes quotes of it',
    (changes) => {
      const script = powershellScript(inputOf({ ...changes, name: 'Зонд \u2019; Get-Process' }))
      expect(script).toMatch(/^[\x20-\x7e\n]+$/)
    },
  )

  it.each(variants)('of %j has balanced brackets outside of texts and comments', (changes) => {
    const code = powershellScript(inputOf(changes))
      .replace(/<#[\s\S]*?#>/, '')
      .replaceAll(/'[^'\n]*'/g, '')
      .replaceAll(/#[^\n]*/g, '')
    for (const [open, close] of ['()', '{}', '[]']) {
      const count = (sign = '') => code.split(sign).length
      expect([open, count(open)]).toEqual([open, count(close)])
    }
  })

  it('starts provisioning only when asked to', () => {
    expect(powershellScript(inputOf())).toMatch(
      /if \(\$Start\) \{\n {2}Invoke-Graph POST "\$jobPath\/start"/,
    )
  })
})

describe('the az script', () => {
  it.each(variants)('of %j is bash', (changes) => {
    const script = azScript(inputOf({ ...changes, name: "Bob's $(id) `id` \\" }))
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    })
  })

  it('makes the application, asks for the connection, stores the token, and starts nothing', () => {
    const world = azWorld()
    const run = world.run(
      azScript(inputOf({ connectionId: null, name: "Bob's $(touch owned) `touch owned`" })),
      {
        input: 'con_00000000000000000000000007\nportico_scim_secret\n',
      },
    )
    expect([
      run.status,
      run.stderr.replaceAll(/Connection id[^:]*: |SCIM token[^:]*: /g, ''),
    ]).toEqual([0, ''])
    expect(world.calls()).toEqual(
      expect.arrayContaining([
        expect.stringContaining(
          'post applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate {"displayName":"Bob\'s $(touch owned) `touch owned`"}',
        ),
        expect.stringContaining(
          'patch servicePrincipals/5b5b {"preferredSingleSignOnMode":"saml"}',
        ),
        expect.stringContaining(
          'patch servicePrincipals/5b5b {"preferredTokenSigningKeyThumbprint":"ABCDEF"}',
        ),
        expect.stringContaining(
          'patch applications/0b0b {"identifierUris":["https://sso.example.com/saml/con_00000000000000000000000007/metadata"]',
        ),
        expect.stringContaining(
          'post servicePrincipals/5b5b/synchronization/jobs {"templateId":"scim"}',
        ),
        expect.stringContaining(
          'put servicePrincipals/5b5b/synchronization/secrets {"value":[{"key":"BaseAddress","value":"https://sso.example.com/scim/v2"},{"key":"SecretToken","value":"portico_scim_secret"}]}',
        ),
      ]),
    )
    expect(world.calls().filter((call) => call.includes('/start'))).toEqual([])
    expect(run.stdout).toContain('federationmetadata.xml?appid=a0a0')
    expect(run.stdout).not.toContain('portico_scim_secret')
    expect(world.arguments()).not.toContain('portico_scim_secret')
    expect(world.leftovers()).toEqual({ owned: false, work: false })
  })

  it('changes nothing that is there: neither application nor certificate nor job; starts when asked to', () => {
    const world = azWorld()
    const run = world.run(azScript(inputOf()), {
      input: '\n',
      arguments: ['--app-id', 'a0a0', '--start'],
      isThere: true,
    })
    expect(run.status).toBe(0)
    const posts = world.calls().filter((call) => call.startsWith('post'))
    expect(posts).toEqual([expect.stringContaining('synchronization/jobs/scim.1/start')])
    expect(world.calls().filter((call) => call.startsWith('put'))).toEqual([])
  })

  it.each([
    [
      'another tenant',
      { tenant: 'b2b2b2b2-0000-4000-8000-00000000000b' },
      'Sign in to the other tenant',
    ],
    ['an option that it does not know', { arguments: ['--force'] }, 'Unknown: --force'],
    ['an application id that is none', { arguments: ['--app-id', "x'; id"] }, 'No id'],
    ['a token with blanks in it', { input: 'a b\n', isThere: true }, 'That is no SCIM token'],
  ])('stops at %s', (_what, options, said) => {
    const world = azWorld()
    const run = world.run(azScript(inputOf()), options)
    expect(run.status).not.toBe(0)
    expect(run.stderr).toContain(said)
    expect(world.calls().filter((call) => /^(?:post|put)/.test(call))).toEqual([])
  })
})

const opened: string[] = []

afterEach(() => {
  for (const folder of opened.splice(0)) rmSync(folder, { recursive: true })
})

/** A folder with an `az` that notes what it is asked and answers like a tenant, and no other program than needed. */
function azWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'az-script-'))
  opened.push(folder)
  const log = join(folder, 'calls.log')
  const words = join(folder, 'arguments.log')
  for (const tool of ['mktemp', 'rm', 'cat', 'grep', 'sleep', 'bash', 'env']) {
    const found = execFileSync('bash', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim()
    symlinkSync(found, join(folder, tool))
  }
  writeFileSync(join(folder, 'az'), fakeAz, { mode: 0o755 })
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

  return {
    run(
      script: string,
      options: {
        input?: string
        arguments?: readonly string[]
        tenant?: string
        isThere?: boolean
      },
    ) {
      writeFileSync(join(folder, 'script.sh'), script)
      return spawnSync('bash', ['script.sh', ...(options.arguments ?? [])], {
        cwd: folder,
        input: options.input ?? '',
        encoding: 'utf8',
        env: {
          PATH: folder,
          TMPDIR: folder,
          LOG: log,
          WORDS: words,
          TENANT: options.tenant ?? asked.tenantId ?? '',
          THERE: options.isThere === true ? 'yes' : '',
        },
      })
    },
    calls: () =>
      read(log)
        .split('\n')
        .filter((line) => line !== ''),
    arguments: () => read(words),
    leftovers: () => ({
      owned: existsSync(join(folder, 'owned')),
      work: execFileSync('ls', [folder], { encoding: 'utf8' }).includes('tmp.'),
    }),
  }
}

const fakeAz = `#!/usr/bin/env bash
printf '%s ' "$@" >> "$WORDS"
if [ "$1" = account ]; then echo "$TENANT"; exit; fi
while [ $# -gt 0 ]; do
  case $1 in
    --method) method=$2; shift ;;
    --url) url=$2; shift ;;
    --body) body=$(cat "\${2#@}"); shift ;;
    --query) query=$2; shift ;;
  esac
  shift
done
printf '%s %s %s\\n' "$method" "\${url#https://graph.microsoft.com/v1.0/}" "$body" >> "$LOG"
case "$method $url $query" in
  'get '*'/applications?'*'length(value)') if [ -n "$THERE" ]; then echo 1; else echo 0; fi ;;
  'get '*'/applications?'*'value[0].appId') echo a0a0 ;;
  'get '*'/applications?'*) echo 0b0b ;;
  'get '*'/servicePrincipals?'*) echo 5b5b ;;
  'get '*preferredTokenSigningKeyThumbprint) if [ -n "$THERE" ]; then echo 12AB; fi ;;
  'get '*'/synchronization/jobs value[0].id') if [ -n "$THERE" ]; then echo scim.1; fi ;;
  'get '*'/synchronization/templates '*) echo customappsso; echo scim ;;
  'post '*/instantiate' '*) echo a0a0 ;;
  'post '*/addTokenSigningCertificate' '*) echo ABCDEF ;;
  'post '*'/synchronization/jobs id') echo scim.1 ;;
esac
`
