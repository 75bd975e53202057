import {
  type AttributeRule,
  defineAttribute,
  type Ruleset,
  resolve,
  defaultRuleset as ruleset,
  type SourceView,
} from '../src/directory/index.ts'
// Not through the door of the folder: behind it are pages too, which plain Node cannot read.
import type { GraphStatement, HeldPerson, PlanInput } from '../src/reconcile/plan-types.ts'
import { defaultSettings } from '../src/reconcile/settings.ts'

export type PagesOf = {
  /** The share of people who changed, from 0 to 1. */
  readonly changed: number
  /** Whether Graph says something of them for the first time. */
  readonly isFirst?: boolean
}

/** Expressions as admins write them, by attribute; they read what Graph states. */
const written: Readonly<Record<string, string>> = {
  email: 'ToLower(Coalesce([mail], [userPrincipalName]))',
  displayName: 'Join(", ", [surname], [givenName])',
  department:
    'Switch([department], [department], "Department 1", "Sales", "Department 2", "Legal")',
  phone: 'Replace(StripSpaces(Item([businessPhones], 1)), "+41", , , "0")',
  officeLocation: 'IIF([country] = "CH", Append("CH ", [officeLocation]), [officeLocation])',
}

/** The rules of an organization that changed some of them, and has attributes of its own. */
export const writtenRuleset: Ruleset = {
  ...ruleset,
  definitions: [
    ...ruleset.definitions,
    ...ownKeys().map((key) => defineAttribute({ key, label: key })),
  ],
  mapping: {
    ...ruleset.mapping,
    rules: {
      ...ruleset.mapping.rules,
      ...Object.fromEntries(
        Object.entries(written).map(([key, text]) => [key, writtenRule(key, text)]),
      ),
      ...Object.fromEntries(ownKeys().map((key) => [key, { graph: ['jobTitle'], saml: [key] }])),
    },
  },
}

function writtenRule(key: string, expression: string): AttributeRule {
  const tiers = [['manual'], ['graph'], ['scim'], ['saml']] as const
  return { ...ruleset.mapping.rules[key], graph: { expression }, tiers }
}

function ownKeys(): readonly string[] {
  return Array.from({ length: 10 }, (_, i) => `own${i}`)
}

const pageSize = 200
const pageCount = 25
const tenantId = 'c0470500-0000-4000-8000-000000000001'
const then = Date.UTC(2026, 0, 1)
const now = Date.UTC(2026, 5, 1)

/** Pages of people with the views of SCIM, Graph and a sign-in, as an Entra tenant with its default mapping has them. */
export function loadPages({ changed, isFirst = false }: PagesOf): readonly PlanInput[] {
  return Array.from({ length: pageCount }, (_, page) => {
    const numbers = Array.from({ length: pageSize }, (_unused, i) => page * pageSize + i)
    return {
      ruleset,
      settings: defaultSettings,
      connectionId: 'con_bench',
      tenantId,
      requiresAssignment: true,
      nowMs: now,
      people: numbers.map((n) => heldPerson(n, isFirst)),
      strangers: new Map(),
      personOf: new Map(),
      erased: new Set<string>(),
      statements: numbers.map((n) => statement(n, (n % 100) / 100 < changed)),
    }
  })
}

function graphValues(n: number): Readonly<Record<string, string | null>> {
  return {
    userPrincipalName: `person${n}@contoso.example`,
    mail: `person${n}@contoso.example`,
    displayName: `Given${n} Family${n}`,
    givenName: `Given${n}`,
    surname: `Family${n}`,
    jobTitle: `Title ${n % 50}`,
    department: `Department ${n % 20}`,
    companyName: 'Contoso',
    employeeId: String(100_000 + n),
    officeLocation: n % 3 === 0 ? null : `Room ${n % 300}`,
    country: 'CH',
    businessPhones: `+41 44 ${n}`,
    mobilePhone: null,
    manager: objectId(n % 40),
    preferredLanguage: 'en',
    accountEnabled: 'true',
  }
}

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

function scimValues(n: number): Readonly<Record<string, string | null>> {
  const graph = graphValues(n)
  return {
    userName: graph['userPrincipalName'] ?? '',
    'emails[type eq "work"].value': graph['mail'] ?? '',
    displayName: graph['displayName'] ?? '',
    'name.givenName': graph['givenName'] ?? '',
    'name.familyName': graph['surname'] ?? '',
    title: graph['jobTitle'] ?? '',
    [`${enterprise}:department`]: graph['department'] ?? '',
    [`${enterprise}:employeeNumber`]: graph['employeeId'] ?? '',
    'phoneNumbers[type eq "work"].value': graph['businessPhones'] ?? '',
    preferredLanguage: 'en',
  }
}

function samlValues(n: number): Readonly<Record<string, string | null>> {
  const soap = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/'
  return {
    '#NameID': `person${n}@contoso.example`,
    [`${soap}name`]: `person${n}@contoso.example`,
    [`${soap}emailaddress`]: `person${n}@contoso.example`,
    [`${soap}givenname`]: `Given${n}`,
    [`${soap}surname`]: `Family${n}`,
  }
}

function view(
  source: SourceView['source'],
  at: number,
  values: Readonly<Record<string, string | null>>,
): SourceView {
  const attributes = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { values: value === null ? [] : [value], changedAt: at },
    ]),
  )
  return { source, at, attributes }
}

function heldPerson(n: number, isFirst: boolean): HeldPerson {
  const views = [
    view('scim', then, scimValues(n)),
    view('saml', then + 2, samlValues(n)),
    ...(isFirst ? [] : [view('graph', then + 1, graphValues(n))]),
  ]
  const { profile, provenance } = resolve(ruleset.definitions, ruleset.mapping, views)
  const userName = `person${n}@contoso.example`
  return {
    identityKey: `entra:${tenantId}:${objectId(n)}`,
    views,
    scimSaidAt: then,
    known: isFirst ? null : { assigned: true, appRoles: [], state: 'enabled', changedAt: then },
    person: {
      id: `usr_${n}`,
      organizationId: 'org_bench',
      connectionId: 'con_bench',
      userName,
      userNameKey: userName,
      searchName: userName,
      searchFamily: userName,
      searchEmail: userName,
      externalId: objectId(n),
      active: true,
      deniedByScim: false,
      deniedByGraph: false,
      deniedByManual: false,
      createdBy: 'scim',
      scimAt: then,
      profile,
      provenance,
      groups: [],
      roles: [],
      mappingVersion: ruleset.version,
      version: 1,
      lastSignInAt: null,
      retiredAt: null,
      eraseAt: null,
      createdAt: then,
      updatedAt: then,
    },
  }
}

function statement(n: number, isChanged: boolean): GraphStatement {
  const values = {
    ...graphValues(n),
    ...(isChanged ? { department: 'Another', jobTitle: null } : {}),
  }
  return {
    objectId: objectId(n),
    state: 'enabled',
    isLacked: false,
    assigned: true,
    appRoles: [],
    stated: new Map(
      Object.entries(values).map(([name, value]) => [name, value === null ? [] : [value]]),
    ),
    isWhole: true,
    isGuest: false,
    at: now,
    startedAt: now,
  }
}

function objectId(n: number): string {
  return `aaaaaaaa-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
}
