/**
 * Loads the committed SAML documents (Node only). Made by test/fixtures/saml/make.sh; described in
 * test/fixtures/saml/README.md.
 *
 *   for (const fixture of acceptedFixtures()) it(`${fixture.title} is accepted`, …)
 *   for (const fixture of refusedFixtures()) it(`${fixture.title} is refused`, … fixture.code …)
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { KeyName } from './keys.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/saml')

export type FixtureParams = {
  readonly description: string
  readonly rows: readonly string[]
  readonly nowMs: number
  readonly connection: {
    readonly id: string
    readonly spEntityId: string
    readonly acsUrl: string
    readonly allowUnsolicited: boolean
  }
  readonly idp: {
    readonly entityId: string
    readonly ssoUrl: string
    readonly sloUrl: string | null
    readonly tenantId: string | null
    /** Names of the pinned keys (test/support/keys.ts). */
    readonly certificates: readonly KeyName[]
  }
  readonly decryptKeys: readonly KeyName[]
  /** The request it answers; null for an unsolicited response. */
  readonly requestId: string | null
}

export type ExpectedDocument = {
  readonly issuer: string | null
  readonly responseId: string | null
  readonly assertionId: string | null
  readonly nameId: {
    readonly value: string
    readonly format: string | null
    readonly nameQualifier: string | null
    readonly spNameQualifier: string | null
  } | null
  /** Times as they are written in the document. */
  readonly notOnOrAfter: string | null
  readonly authnInstant: string | null
  readonly sessionIndex: string | null
  readonly sessionNotOnOrAfter: string | null
  /** In document order; a name may occur more than once. */
  readonly attributes: readonly {
    readonly name: string
    readonly nameFormat: string | null
    readonly friendlyName: string | null
    readonly values: readonly string[]
  }[]
}

export type AcceptedParams = FixtureParams & {
  readonly signed: readonly { readonly part: 'assertion' | 'response'; readonly key: KeyName }[]
  readonly expected: ExpectedDocument
}

type Loaded<P> = {
  readonly name: string
  /** Row ids, name and description: a test title as the conformance table wants it. */
  readonly title: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly xml: string
  readonly base64: string
  readonly metadataXml: string
  readonly params: P
}
export type AcceptedFixture = Loaded<AcceptedParams>
export type RefusedFixture = Loaded<FixtureParams> & { readonly code: string }

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

function load<P extends FixtureParams>(folder: string, name: string): Loaded<P> {
  const bytes = readFileSync(join(folder, 'response.xml'))
  const params = JSON.parse(readFileSync(join(folder, 'params.json'), 'utf8')) as P
  return {
    name,
    title: `${params.rows.join(' ')} ${name}: ${params.description}`,
    bytes: Uint8Array.from(bytes),
    xml: bytes.toString('utf8'),
    base64: bytes.toString('base64'),
    metadataXml: readFileSync(join(folder, 'metadata.xml'), 'utf8'),
    params,
  }
}

/** Documents that must be accepted, by name. */
export function acceptedFixtures(): readonly AcceptedFixture[] {
  const base = join(root, 'accepted')
  return folders(base).map((name) => load<AcceptedParams>(join(base, name), name))
}

/** Documents that must be refused, with the code of the first failing guard. */
export function refusedFixtures(): readonly RefusedFixture[] {
  const base = join(root, 'rejected')
  return folders(base).flatMap((code) =>
    folders(join(base, code)).map((name) => ({
      ...load<FixtureParams>(join(base, code, name), `${code}/${name}`),
      code,
    })),
  )
}

/** One accepted document; throws when it does not exist. */
export function acceptedFixture(name: string): AcceptedFixture {
  return load<AcceptedParams>(join(root, 'accepted', name), name)
}
