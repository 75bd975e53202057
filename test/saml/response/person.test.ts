import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { groupsOf, rolesOf } from '../../../src/saml/entra-claims.ts'
import { identifierDefect } from '../../../src/saml/name-id.ts'
import {
  buildResponse,
  claims,
  context,
  defaultAttributes,
  ns,
} from '../../support/saml-builder.ts'
import type { AttributeOptions } from '../../support/saml-template.ts'
import { addAttributes } from '../../support/xsw.ts'
import { type Case, judgedShapes, runCases } from './cases.ts'
import { type Circumstances, outcome, receive, singleClaim } from './verifier.ts'

/** A provider other than Entra: people are known by their NameID. */
const byNameId: Circumstances = {
  connection: { idp: { entityId: context.idpEntityId, tenantId: null } },
}
const byClaim = (identityClaim: string): Circumstances => ({
  connection: { ...byNameId.connection, identityClaim },
})

const unsound: readonly (readonly [name: string, nameId: string])[] = [
  ['empty', ''],
  ['blank', '   '],
  ['a space in front', ' ann@contoso.example'],
  ['a space behind', 'ann@contoso.example '],
  ['a line feed', 'ann@contoso.example\nx'],
  ['a tab', 'ann\t@contoso.example'],
  ['a control character', 'ann\u0086@contoso.example'],
  ['a no-break space', 'ann\u00a0@contoso.example'],
  ['an ideographic space', 'ann\u3000@contoso.example'],
  ['a zero-width space', 'ann\u200b@contoso.example'],
  ['a direction mark', 'ann\u202e@contoso.example'],
  ['a byte order mark', '\ufeffann@contoso.example'],
  ['257 characters', 'a'.repeat(257)],
]

describe('NameID', () => {
  runCases(
    [
      ...unsound.flatMap(([name, nameId]): Case[] => [
        { row: 'N01', name, code: 'saml.name_id', build: { assertion: { nameId } } },
        {
          row: 'N01',
          name: `${name}, where nobody is known by it`,
          shapes: ['FA'],
          code: 'saml.name_id',
          build: { assertion: { nameId } },
          control: { circumstances: byNameId },
        },
      ]),
      {
        row: 'N01',
        name: 'absent, where the object id says who it is',
        code: 'accepted',
        build: { assertion: { nameId: null } },
      },
      {
        row: 'N01',
        name: 'absent, where a claim says who it is',
        code: 'accepted',
        build: { assertion: { nameId: null } },
        control: { circumstances: byClaim(claims.email) },
      },
      {
        row: 'N01',
        name: 'absent, where it would have to say who it is',
        code: 'saml.name_id',
        build: { assertion: { nameId: null } },
        control: { circumstances: byNameId },
      },
      {
        row: 'N01 A17',
        name: '256 characters, a plain space among them',
        code: 'accepted',
        build: { assertion: { nameId: `${'a'.repeat(100)} ${'b'.repeat(155)}` } },
      },
      {
        row: 'N02',
        name: 'transient, where it would have to say who it is',
        code: 'saml.name_id',
        build: {
          assertion: { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
        },
        control: { circumstances: byNameId },
      },
      {
        row: 'N02',
        name: 'transient, where the object id says who it is',
        code: 'accepted',
        build: {
          assertion: { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
        },
      },
    ],
    judgedShapes,
  )

  const identityOf = async (nameId: string, nameIdAttributes = '') => {
    const { base64 } = await buildResponse({ assertion: { nameId, nameIdAttributes } })
    const verdict = await receive(base64, byNameId)
    return verdict.ok ? verdict.value.identity.key : outcome(verdict)
  }

  it('N01 line ends that the test signer would change are refused as well', () => {
    for (const character of ['\u0085', '\u2028', '\u2029', '\0']) {
      expect(identifierDefect(`ann${character}x`)).toBe('character')
    }
    expect(identifierDefect('ann x')).toBe(null)
  })

  it('N01 look-alikes are distinct identities', async () => {
    const lookAlikes = [
      'admin@contoso.example',
      'ADMIN@contoso.example',
      'kim@contoso.example',
      '\u212aim@contoso.example',
      'Kim@contoso.example',
      '\uff41dmin@contoso.example',
      'zo\u00eb@contoso.example',
      'zoe\u0308@contoso.example',
      '\u0430dmin@contoso.example',
    ]
    const keys = await Promise.all(lookAlikes.map((nameId) => identityOf(nameId)))
    expect(new Set(keys).size).toBe(lookAlikes.length)
    for (const key of keys) expect(key).toMatch(/^saml:/)
    expect(await identityOf('admin@contoso.example')).toBe(keys[0])
  })

  it('N02 a qualifier makes another identity, unless it says the default', async () => {
    const plain = await identityOf('ann')
    expect(await identityOf('ann', ` NameQualifier="${context.idpEntityId}"`)).toBe(plain)
    expect(await identityOf('ann', ` SPNameQualifier="${context.spEntityId}"`)).toBe(plain)
    const others = await Promise.all([
      identityOf('ann', ' NameQualifier="urn:other"'),
      identityOf('ann', ' SPNameQualifier="urn:other"'),
      identityOf('ann', ' NameQualifier=""'),
    ])
    expect(new Set([plain, ...others]).size).toBe(4)
  })

  it.each(unsound)('N01 a chosen claim has to be sound too: %s', async (_name, employee) => {
    const outcomeOf = async (value: string) => {
      const attributes = { ...defaultAttributes, employee: value }
      const { base64 } = await buildResponse({ assertion: { attributes } })
      return outcome(await receive(base64, byClaim('employee')))
    }
    expect(await outcomeOf('42')).toBe('accepted')
    expect(await outcomeOf(employee)).toBe('saml.identity')
  })

  it('N02 the chosen claim, and not the NameID, says who it is', async () => {
    const circumstances = byClaim('EMPLOYEE')
    const attributes = { ...defaultAttributes, employee: '42' }
    const keys = await Promise.all(
      ['ann@contoso.example', 'renamed@contoso.example'].map(async (nameId) => {
        const { base64 } = await buildResponse({ assertion: { nameId, attributes } })
        const verdict = await receive(base64, circumstances)
        return verdict.ok ? verdict.value.identity.key : outcome(verdict)
      }),
    )
    expect(keys[0]).toMatch(/^saml:/)
    expect(keys[0]).toBe(keys[1])
    expect(keys[0]).not.toBe(await identityOf('42'))
  })
})

const attribute = (
  name: string,
  values: readonly string[],
  more: Partial<AttributeOptions> = {},
): AttributeOptions => ({
  name,
  values,
  ...more,
})
const entra = Object.entries(defaultAttributes).map(([name, values]) =>
  attribute(name, typeof values === 'string' ? [values] : values),
)
const withAttributes = (...more: readonly AttributeOptions[]) => ({
  assertion: { attributes: [...entra, ...more] },
})
const a = attribute(singleClaim, ['ann@contoso.example'])
const b = attribute(singleClaim, ['ceo@contoso.example'])

describe('attributes', () => {
  const ambiguous: readonly (readonly [name: string, build: object])[] = [
    ['a single field twice', withAttributes(a, b)],
    ['a single field twice with the same value', withAttributes(a, a)],
    ['two values for a single field', withAttributes(attribute(singleClaim, ['x', 'y']))],
    ['the same Name in another NameFormat', withAttributes(a, { ...b, nameFormat: 'urn:x' })],
    ['the same Name in another case', withAttributes(a, attribute('EMAIL', ['x']))],
    ['a single field twice, the first one empty', withAttributes(attribute(singleClaim, ['']), b)],
    ['an empty value before another', withAttributes(attribute(singleClaim, ['', 'x']))],
  ]
  runCases(
    [
      ...ambiguous.map(
        ([name, build]): Case => ({ row: 'N03', name, code: 'saml.attribute_ambiguous', build }),
      ),
      {
        row: 'N03',
        name: 'the FriendlyName of a single field on another Name',
        code: 'accepted',
        build: withAttributes(a, attribute('urn:x', ['x'], { friendlyName: singleClaim })),
      },
      {
        row: 'N03 A16',
        name: 'two values, and twice, for a name that nobody mapped',
        code: 'accepted',
        build: withAttributes(attribute('team', ['x', 'y']), attribute('team', ['z'])),
      },
      {
        row: 'N03',
        name: 'a Kelvin sign in a name that nobody mapped',
        code: 'accepted',
        build: withAttributes(a, attribute('EM\u212aail', ['x'])),
      },
      {
        row: 'N04',
        name: 'an element in a value',
        code: 'saml.schema',
        build: withAttributes(attribute('urn:x', ['<b xmlns="urn:b">x</b>'], { raw: true })),
      },
      {
        row: 'N04',
        name: 'two NameIDs in a value',
        code: 'saml.schema',
        build: withAttributes(
          attribute('urn:x', ['<NameID>x</NameID><NameID>y</NameID>'], { raw: true }),
        ),
      },
      {
        row: 'N04',
        name: 'text beside a NameID in a value',
        code: 'saml.schema',
        build: withAttributes(attribute('urn:x', ['x<NameID>y</NameID>'], { raw: true })),
      },
      {
        row: 'N05',
        name: 'one attribute more than the limit',
        code: 'saml.limit',
        build: { assertion: { attributes: many(limits.samlAttributeValues / 2 + 1, 1) } },
        shapes: ['FA'],
      },
      {
        row: 'N05',
        name: 'one value more than the limit',
        code: 'saml.limit',
        build: { assertion: { attributes: many(1, limits.samlAttributeValues) } },
        shapes: ['FA'],
      },
      {
        row: 'N05',
        name: 'a value of 64 KiB and a byte',
        code: ['saml.limit', 'xml.limit'],
        build: withAttributes(attribute('urn:x', ['x'.repeat(64 * 1024 + 1)])),
        shapes: ['FA'],
      },
      {
        row: 'N05',
        name: 'as many values as the limit',
        code: 'accepted',
        build: withAttributes(
          attribute(
            'urn:x',
            Array.from({ length: limits.samlAttributeValues - 20 }, () => 'x'),
          ),
        ),
        shapes: ['FA'],
      },
    ],
    judgedShapes,
  )

  it('N03 names are found in any case, and never by FriendlyName', async () => {
    const named = attribute('urn:x', ['ceo'], { friendlyName: 'team' })
    const { base64 } = await buildResponse(withAttributes(named, attribute('Team', ['x', 'y'])))
    const verdict = await receive(base64)
    expect(verdict.ok && verdict.value.claims.list('TEAM')).toEqual(['x', 'y'])
    expect(verdict.ok && verdict.value.claims.single('team')).toBe(null)
  })

  it('X18 names of object properties are ordinary names', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype)
    const odd = ['__proto__', 'constructor', 'hasOwnProperty', 'toString']
    const { base64 } = await buildResponse(
      withAttributes(...odd.map((name) => attribute(name, [`value of ${name}`]))),
    )
    const verdict = await receive(base64)
    for (const name of odd) {
      expect(verdict.ok && verdict.value.claims.list(name)).toEqual([`value of ${name}`])
    }
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
    const plain = await receive((await buildResponse()).base64)
    expect(plain.ok && plain.value.claims.list('constructor')).toEqual([])
  })

  it.each(['__proto__', 'constructor', 'hasOwnProperty'])(
    'X18 %s is an unknown attribute and element like any other',
    async (name) => {
      const attributeBuilt = await buildResponse({
        beforeSigning: (xml) => addAttributes(xml, 'Conditions', ` ${name}="x"`),
      })
      expect(outcome(await receive(attributeBuilt.base64))).toBe('saml.schema')
      const elementBuilt = await buildResponse({ assertion: { conditionsExtra: `<${name}/>` } })
      expect(outcome(await receive(elementBuilt.base64))).toBe('saml.schema')
    },
  )

  it('N04 types, nil and names of types change no value but that of nil', async () => {
    const xsi = `xmlns:xsi="${ns.xsi}"`
    const { base64 } = await buildResponse(
      withAttributes(
        attribute('plain', ['1']),
        attribute('typed', ['1'], { valueAttributes: ` ${xsi} xsi:type="odd:thing"` }),
        attribute('nil', [''], { valueAttributes: ` ${xsi} xsi:nil="true"` }),
        attribute('empty', ['']),
        attribute('named', ['<NameID Format="urn:x">1</NameID>'], { raw: true }),
        attribute('spaced', [' 1 ']),
        attribute('none', []),
      ),
    )
    const verdict = await receive(base64)
    const values = (name: string) => verdict.ok && verdict.value.claims.list(name)
    expect(values('plain')).toEqual(['1'])
    expect(values('typed')).toEqual(['1'])
    expect(values('nil')).toEqual([])
    expect(values('empty')).toEqual([''])
    expect(values('named')).toEqual(['1'])
    expect(values('spaced')).toEqual([' 1 '])
    expect(values('none')).toEqual([])
  })

  it('N04 a prefix rebound on the unsigned Response changes nothing', async () => {
    const typed = attribute('typed', ['1'], {
      valueAttributes: ` xmlns:xsi="${ns.xsi}" xsi:type="xs:string"`,
    })
    const names = { protocol: 'samlp', assertion: '', dsig: '', onRoot: ` xmlns:xs="${ns.xs}"` }
    const { xml } = await buildResponse({ ...withAttributes(typed), names })
    const rebound = xml.replace(ns.xs, 'urn:example:evil')
    expect(rebound).not.toBe(xml)
    const verdict = await receive(Buffer.from(rebound).toString('base64'))
    expect(verdict.ok && verdict.value.claims.list('typed')).toEqual(['1'])
  })
})

describe('groups and roles', () => {
  const claimsOf = async (...more: readonly AttributeOptions[]) => {
    const verdict = await receive((await buildResponse(withAttributes(...more))).base64)
    if (!verdict.ok) throw new Error(outcome(verdict))
    return verdict.value.claims
  }

  it('are listed, absent, or more than a sign-in carries', async () => {
    expect(groupsOf(await claimsOf())).toEqual({ kind: 'absent' })
    expect(groupsOf(await claimsOf(attribute(claims.groups, ['g1', 'g2'])))).toEqual({
      kind: 'listed',
      values: ['g1', 'g2'],
    })
    const link = attribute(claims.groupsLink, ['https://graph.windows.net/x'])
    expect(groupsOf(await claimsOf(link))).toEqual({ kind: 'overage' })
    expect(groupsOf(await claimsOf(link, attribute(claims.groups, ['g1'])))).toEqual({
      kind: 'overage',
    })
  })

  it('are joined when a provider repeats the attribute for each', async () => {
    const listed = await claimsOf(attribute('Role', ['a']), attribute('Role', ['b']))
    expect(rolesOf(listed)).toEqual(['a', 'b'])
    expect(rolesOf(await claimsOf())).toEqual([])
    expect(rolesOf(await claimsOf(attribute(claims.role, ['admin'])))).toEqual(['admin'])
  })
})

function many(attributes: number, values: number) {
  return Array.from({ length: attributes }, (_, i) =>
    attribute(
      `urn:x:${i}`,
      Array.from({ length: values }, () => 'x'),
    ),
  )
}
