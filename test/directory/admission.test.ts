import { describe, expect, it } from 'vitest'
import {
  type AdmissionFacts,
  admit,
  type NamedPerson,
  type Person,
  type Subject,
} from '../../src/directory/index.ts'

const tenant = '6babcaad-604b-40ac-a9d7-9fd97c0b779f'
const annObjectId = '1b7a6c1e-30b2-4b39-8f4d-3d4f3f3f0a01'
const otherObjectId = '9c1d7e55-0000-4b39-8f4d-3d4f3f3f0a02'

const subject: Subject = {
  identityKey: `entra:${tenant}:${annObjectId}`,
  objectId: annObjectId,
  connectionId: 'con_a',
  names: ['ann@contoso.com'],
  userName: 'ann@contoso.com',
  isGuest: false,
}

const scimPerson: Person = {
  id: 'usr_ann',
  organizationId: 'org_1',
  connectionId: 'con_a',
  userName: 'ann@contoso.com',
  userNameKey: 'ann@contoso.com',
  searchName: 'ann@contoso.com',
  searchFamily: 'ann@contoso.com',
  searchEmail: 'ann@contoso.com',
  externalId: 'ann',
  active: true,
  deniedByScim: false,
  deniedByGraph: false,
  deniedByManual: false,
  createdBy: 'scim',
  scimAt: 1000,
  profile: {},
  provenance: {},
  groups: [],
  roles: ['member'],
  mappingVersion: 1,
  version: 7,
  lastSignInAt: null,
  retiredAt: null,
  eraseAt: null,
  createdAt: 1000,
  updatedAt: 1000,
}

function facts(change: Partial<AdmissionFacts> = {}): AdmissionFacts {
  return {
    firstLogin: true,
    bound: null,
    named: [],
    tombstonePersonId: null,
    blockedTombstonePersonId: null,
    ...change,
  }
}

function named(change: Partial<Person> = {}, boundKey: string | null = null): NamedPerson {
  return { person: { ...scimPerson, ...change }, boundKey }
}

describe('a person known by identity', () => {
  it('signs in, whatever the name is called now', () => {
    const result = admit(
      { ...subject, userName: 'ann.lee@contoso.com' },
      facts({ bound: scimPerson }),
    )
    expect(result).toMatchObject({
      ok: true,
      value: { kind: 'known', person: { id: 'usr_ann' }, rename: null },
    })
  })

  it('follows a changed name where only sign-ins know the person', () => {
    const bound = { ...scimPerson, createdBy: 'saml' as const, scimAt: null }
    const renamed = { ...subject, userName: 'Ann.Lee@contoso.com' }
    expect(admit(renamed, facts({ bound }))).toMatchObject({
      value: { kind: 'known', rename: 'Ann.Lee@contoso.com' },
    })
    const taken = facts({
      bound,
      named: [named({ id: 'usr_other', userNameKey: 'ann.lee@contoso.com' })],
    })
    expect(admit(renamed, taken)).toMatchObject({ value: { kind: 'known', rename: null } })
  })

  it.each([
    ['a manual block', { active: false, deniedByManual: true }, ['manual']],
    ['SCIM', { active: false, deniedByScim: true }, ['scim']],
    ['Graph', { active: false, deniedByGraph: true }, ['graph']],
    ['two sources', { active: false, deniedByGraph: true, deniedByScim: true }, ['scim', 'graph']],
    ['retirement', { active: false, retiredAt: 5 }, ['retired']],
  ])('is refused when denied by %s', (_, change, deniedBy) => {
    const result = admit(subject, facts({ bound: { ...scimPerson, ...change } }))
    expect(result).toEqual({
      ok: false,
      failure: { code: 'directory.person_inactive', personId: 'usr_ann', deniedBy },
    })
  })
})

describe('a person whom SCIM made and nobody is bound to', () => {
  it('is bound by the first sign-in with their userName', () => {
    expect(admit(subject, facts({ named: [named()] }))).toMatchObject({
      ok: true,
      value: { kind: 'bind' },
    })
  })

  it('is bound when externalId is the same object id', () => {
    const result = admit(
      subject,
      facts({ named: [named({ externalId: annObjectId.toUpperCase() })] }),
    )
    expect(result).toMatchObject({ ok: true, value: { kind: 'bind' } })
  })

  it('is bound under a provider whose externalId only looks like an object id', () => {
    const keycloak = { ...subject, objectId: null, identityKey: 'saml:con_a:x' }
    const result = admit(keycloak, facts({ named: [named({ externalId: otherObjectId })] }))
    expect(result).toMatchObject({ ok: true, value: { kind: 'bind' } })
  })

  it.each([
    ['a guest whose mail is the CEO’s', { ...subject, isGuest: true }, named(), 'guest'],
    [
      'a reused UPN: the name is bound to another object id',
      subject,
      named({}, `entra:${tenant}:${otherObjectId}`),
      'bound_to_another_object_id',
    ],
    [
      'another tenant’s object id for the same name',
      { ...subject, identityKey: 'entra:evil:x', objectId: otherObjectId },
      named({}, subject.identityKey),
      'bound_to_another_object_id',
    ],
    [
      'an externalId that is another object id',
      subject,
      named({ externalId: otherObjectId }),
      'external_id_is_another_object_id',
    ],
    [
      'a person that another sign-in made',
      subject,
      named({ scimAt: null, createdBy: 'saml' }),
      'made_by_sign_in',
    ],
    [
      'a person of another connection',
      subject,
      named({ connectionId: 'con_b' }),
      'other_connection',
    ],
    ['a person who is denied', subject, named({ active: false, deniedByScim: true }), 'inactive'],
  ])('is never taken by %s', (_, claimed, candidate, reason) => {
    expect(admit(claimed, facts({ named: [candidate] }))).toMatchObject({
      ok: false,
      failure: { code: 'directory.identity_conflict', reason },
    })
  })

  it('is never taken when NameID and UPN name two different people', () => {
    const both = facts({ named: [named(), named({ id: 'usr_bob', userName: 'bob@contoso.com' })] })
    expect(admit(subject, both)).toMatchObject({
      failure: { code: 'directory.identity_conflict', reason: 'two_people_match' },
    })
  })
})

describe('somebody nobody knows', () => {
  it('is created when first-login creation is on', () => {
    expect(admit(subject, facts())).toEqual({
      ok: true,
      value: { kind: 'create', userName: 'ann@contoso.com' },
    })
  })

  it.each([
    [
      'first-login creation is off',
      subject,
      facts({ firstLogin: false }),
      'directory.not_provisioned',
    ],
    [
      'the person was erased',
      subject,
      facts({ tombstonePersonId: 'usr_gone' }),
      'directory.person_erased',
    ],
    [
      'nothing names them',
      { ...subject, names: [], userName: null },
      facts(),
      'directory.user_name_missing',
    ],
  ])('is refused when %s', (_, claimed, held, code) => {
    expect(admit(claimed, held)).toMatchObject({ ok: false, failure: { code } })
  })
})
