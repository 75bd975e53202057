import { describe } from 'vitest'
import { context, otherConnection, twinConnection } from '../../support/saml-builder.ts'
import { at, minuteMs } from '../../support/saml-context.ts'
import { addAttributes, appendInto, insertAfter, removeElement } from '../../support/xsw.ts'
import { type Case, judgedShapes, runCases } from './cases.ts'

const skewMs = 5 * minuteMs
const hourMs = 60 * minuteMs
const responseSigned = ['FR', 'FB'] as const

/** The same defect in the Response and in the Assertion. */
const inBoth = (row: string, name: string, change: object, code: Case['code']): readonly Case[] => [
  { row, name: `${name} in the Response`, code, build: { response: change } },
  { row, name: `${name} in the Assertion`, code, build: { assertion: change } },
]

const ids: readonly (readonly [name: string, id: string | null])[] = [
  ['no ID', null],
  ['an empty ID', ''],
  ['an ID that starts with a digit', '1a'],
  ['an ID with a space in front', ' _a'],
  ['an ID with a colon', 'a:b'],
  ['an ID of 257 characters', `_${'a'.repeat(256)}`],
]
const instants: readonly (readonly [name: string, text: string])[] = [
  ['a malformed IssueInstant', 'yesterday'],
  ['an empty IssueInstant', ''],
  ['an IssueInstant in another zone', '2026-11-24T09:00:00+00:00'],
  ['an IssueInstant beyond the skew', at(skewMs + 1)],
  ['an IssueInstant beyond the greatest age', at(-(10 * minuteMs + skewMs + 1))],
]

describe('version, ID and issue instant', () => {
  runCases(
    [
      ...inBoth('P01', 'Version 1.1', { version: '1.1' }, 'saml.schema'),
      ...inBoth('P01', 'Version 2.1', { version: '2.1' }, 'saml.schema'),
      ...inBoth('P01', 'Version 2', { version: '2' }, 'saml.schema'),
      ...inBoth('P01', 'Version 2.0 with a space', { version: '2.0 ' }, 'saml.schema'),
      ...inBoth('P01', 'no Version', { version: null }, 'saml.schema'),
      ...ids.flatMap(([name, id]) => inBoth('P01', name, { id }, 'saml.schema')),
      ...inBoth('P01', 'no IssueInstant', { issueInstant: null }, 'saml.schema'),
      ...instants.flatMap(([name, issueInstant]) =>
        inBoth('P01', name, { issueInstant }, 'saml.issue_instant'),
      ),
      ...inBoth('P01 P19', 'IssueInstant at the skew', { issueInstant: at(skewMs) }, 'accepted'),
      ...inBoth(
        'P01 P19',
        'IssueInstant at the greatest age',
        { issueInstant: at(-(10 * minuteMs + skewMs)) },
        'accepted',
      ),
      ...inBoth('P01 A17', 'an ID of 256 characters', { id: `_${'a'.repeat(255)}` }, 'accepted'),
    ],
    judgedShapes,
  )
})

const notThisAcs = [
  context.acsUrl.replace('portico.example', 'evil.example'),
  context.acsUrl.replace('portico.example', 'PORTICO.example'),
  context.acsUrl.replace('portico.example', 'portico.example:443'),
  `${context.acsUrl}/`,
  `${context.acsUrl}?x=1`,
  `${context.acsUrl}#x`,
  ` ${context.acsUrl}`,
  context.acsUrl.replace('portico.example', 'portico.example@evil.example'),
  context.acsUrl.replace('https:', 'http:'),
  `${context.acsUrl}0`,
  context.acsUrl.slice(0, -1),
  otherConnection.acsUrl,
  twinConnection.acsUrl,
  context.acsUrl.replace('/acs', '/%61cs'),
  '',
]

describe('destination', () => {
  runCases(
    [
      {
        row: 'P03',
        name: 'no Destination in a signed Response',
        shapes: responseSigned,
        code: 'saml.destination',
        build: { response: { destination: null } },
      },
      {
        row: 'P03',
        name: 'no Destination in an unsigned Response',
        shapes: ['FA'],
        code: 'accepted',
        build: { response: { destination: null } },
      },
      ...notThisAcs.map(
        (destination): Case => ({
          row: 'P03',
          name: `Destination "${destination}"`,
          code: 'saml.destination',
          build: { response: { destination } },
        }),
      ),
    ],
    judgedShapes,
  )
})

const notThisIssuer = [
  '',
  'urn:example:other',
  otherConnection.idpEntityId,
  context.idpEntityId.slice(0, -1),
  `${context.idpEntityId}/`,
  `${context.idpEntityId} `,
  ` ${context.idpEntityId}`,
  context.idpEntityId.toUpperCase(),
]
const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const entity = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity'

describe('issuer', () => {
  runCases(
    [
      {
        row: 'P04',
        name: 'no Issuer in the Assertion',
        code: 'saml.issuer',
        build: { assertion: { issuer: null } },
      },
      {
        row: 'P04',
        name: 'no Issuer in the Response',
        code: 'accepted',
        build: { response: { issuer: null } },
      },
      ...notThisIssuer.flatMap((issuer) =>
        inBoth('P04', `Issuer "${issuer}"`, { issuer }, 'saml.issuer'),
      ),
      ...(['Response', 'Assertion'] as const).flatMap((parent): Case[] => [
        {
          row: 'P04',
          name: `an Issuer of the format persistent in the ${parent}`,
          code: 'saml.issuer',
          build: { beforeSigning: (xml) => formatIssuer(xml, parent, persistent) },
        },
        {
          row: 'P04',
          name: `an Issuer of the format entity in the ${parent}`,
          code: 'accepted',
          build: { beforeSigning: (xml) => formatIssuer(xml, parent, entity) },
        },
      ]),
    ],
    judgedShapes,
  )
})

function formatIssuer(xml: string, parent: 'Response' | 'Assertion', format: string): string {
  return addAttributes(xml, 'Issuer', ` Format="${format}"`, parent === 'Response' ? 0 : 1)
}

const ours = context.spEntityId
const notOurs = [
  '',
  otherConnection.spEntityId,
  twinConnection.spEntityId,
  ours.slice(0, -1),
  `${ours}x`,
  ours.toUpperCase(),
  ` ${ours}`,
  `${ours} `,
  `spn:${ours}`,
]

describe('audience', () => {
  const refusals: readonly (readonly [name: string, assertion: object])[] = [
    ['no Conditions', { conditionsXml: null }],
    ['no AudienceRestriction', { audienceRestrictions: [] }],
    ['an AudienceRestriction without Audience', { audienceRestrictions: [[]] }],
    ['two restrictions, one without us', { audienceRestrictions: [[ours], ['urn:other']] }],
    ['two restrictions, the first one empty', { audienceRestrictions: [[], [ours]] }],
    ...notOurs.map((audience) => [`Audience "${audience}"`, { audiences: [audience] }] as const),
  ]
  runCases(
    [
      ...refusals.map(
        ([name, assertion]): Case => ({
          row: 'P05',
          name,
          code: 'saml.audience',
          build: { assertion },
        }),
      ),
      {
        row: 'P05 A19',
        name: 'two Audiences, one of them us',
        code: 'accepted',
        build: { assertion: { audiences: ['urn:other', ours] } },
      },
      {
        row: 'P05',
        name: 'two restrictions, both with us',
        code: 'accepted',
        build: { assertion: { audienceRestrictions: [[ours], ['urn:other', ours]] } },
      },
      {
        row: 'P05',
        name: 'the spn: form of another service where the connection accepts ours',
        code: 'saml.audience',
        build: { assertion: { audiences: [`spn:${otherConnection.spEntityId}`] } },
        circumstances: { connection: { acceptSpnAudience: true } },
      },
      {
        row: 'P05',
        name: 'the spn: form where the connection accepts it',
        code: 'accepted',
        build: { assertion: { audiences: [`spn:${ours}`] } },
        circumstances: { connection: { acceptSpnAudience: true } },
      },
    ],
    judgedShapes,
  )
})

describe('validity', () => {
  const windows: readonly (readonly [name: string, assertion: object, code: string])[] = [
    [
      'NotBefore a millisecond beyond the skew',
      { notBefore: at(skewMs + 1) },
      'saml.not_yet_valid',
    ],
    ['NotBefore at the skew', { notBefore: at(skewMs) }, 'accepted'],
    ['NotBefore in the year 9999', { notBefore: '9999-01-01T00:00:00Z' }, 'saml.not_yet_valid'],
    ['no NotBefore', { notBefore: null }, 'accepted'],
    ['NotOnOrAfter at the skew', { notOnOrAfter: at(-skewMs) }, 'saml.expired'],
    [
      'NotOnOrAfter a millisecond inside the skew',
      { notBefore: at(-hourMs), notOnOrAfter: at(-skewMs + 1) },
      'accepted',
    ],
    ['no NotOnOrAfter', { notOnOrAfter: null }, 'saml.expired'],
    ['neither', { notBefore: null, notOnOrAfter: null }, 'saml.expired'],
    ['NotBefore equal to NotOnOrAfter', { notBefore: at(1), notOnOrAfter: at(1) }, 'saml.expired'],
    ['NotBefore after NotOnOrAfter', { notBefore: at(2), notOnOrAfter: at(1) }, 'saml.expired'],
    ['a lifetime at the cap', { notBefore: at(), notOnOrAfter: at(24 * hourMs) }, 'accepted'],
    ['a lifetime above it', { notBefore: at(), notOnOrAfter: at(24 * hourMs + 1) }, 'saml.expired'],
    ['NotOnOrAfter in the year 9999', { notOnOrAfter: '9999-12-31T23:59:59Z' }, 'saml.expired'],
    [
      'a lifetime above the cap without NotBefore',
      { notBefore: null, notOnOrAfter: at(24 * hourMs + 1) },
      'saml.expired',
    ],
  ]
  runCases(
    windows.map(
      ([name, assertion, code]): Case => ({ row: 'P06 P19', name, code, build: { assertion } }),
    ),
    judgedShapes,
  )
  runCases(
    [0, 1, minuteMs, skewMs, 2 * skewMs].flatMap((extraSkewMs): Case[] => {
      const edge = skewMs + Math.min(extraSkewMs, skewMs)
      const circumstances = { connection: { extraSkewMs } }
      return [
        {
          row: 'P19',
          name: `NotBefore at ${extraSkewMs} ms of extra skew, five minutes of it at most`,
          code: 'accepted',
          build: { assertion: { notBefore: at(edge) } },
          circumstances,
        },
        {
          row: 'P19',
          name: `NotBefore a millisecond beyond ${extraSkewMs} ms of extra skew`,
          code: 'saml.not_yet_valid',
          build: { assertion: { notBefore: at(edge + 1) } },
          circumstances,
        },
      ]
    }),
    judgedShapes,
  )
})

const badTimes = [
  '2026-11-24T09:30:00',
  '2026-11-24T09:30:00z',
  '2026-11-24T09:30:00+02:00',
  '2027-02-30T09:30:00Z',
  '2026-11-24T24:00:00Z',
  '2026-11-24T09:30:60Z',
  '12026-11-24T09:30:00Z',
  '2026-11-24',
  '2026-11-24 09:30:00Z',
  ' 2026-11-24T09:30:00Z',
  `2026-11-24T09:30:00.${'0'.repeat(40)}Z`,
  '1795512600000',
  '',
]

describe('time text', () => {
  runCases(
    badTimes.flatMap((text): Case[] =>
      (
        [
          ['NotBefore', { notBefore: text }],
          ['NotOnOrAfter', { notOnOrAfter: text }],
          ['AuthnInstant', { authnInstant: text }],
          ['SessionNotOnOrAfter', { sessionNotOnOrAfter: text }],
          ['NotOnOrAfter of the confirmation', { confirmations: [{ notOnOrAfter: text }] }],
          ['NotBefore of the confirmation', { confirmations: [{ notBefore: text }] }],
        ] as const
      ).map(([name, assertion]) => ({
        row: 'P07',
        name: `${name} "${text}"`,
        shapes: ['FA'],
        code: 'saml.bad_time',
        build: { assertion },
      })),
    ),
    judgedShapes,
  )
})

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'

describe('subject confirmation', () => {
  const confirmations: readonly (readonly [name: string, confirmations: readonly object[]])[] = [
    ['none', []],
    ['no Method', [{ method: null }]],
    ['holder-of-key', [{ method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }]],
    ['sender-vouches', [{ method: 'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches' }]],
    ['another spelling of bearer', [{ method: `${bearer} ` }]],
    ['no SubjectConfirmationData', [{ dataXml: null }]],
    ['no Recipient', [{ recipient: null }]],
    ['another Recipient', [{ recipient: otherConnection.acsUrl }]],
    ['the Recipient as a prefix', [{ recipient: `${context.acsUrl}/` }]],
    ['an empty Recipient', [{ recipient: '' }]],
    ['the start of the Recipient', [{ recipient: context.acsUrl.slice(0, -1) }]],
    ['the Recipient in capitals', [{ recipient: context.acsUrl.toUpperCase() }]],
    ['no NotOnOrAfter', [{ notOnOrAfter: null }]],
    ['NotOnOrAfter an hour ago', [{ notOnOrAfter: at(-hourMs) }]],
    ['NotOnOrAfter at the skew', [{ notOnOrAfter: at(-skewMs) }]],
    ['a NotBefore in the past', [{ notBefore: at(-minuteMs) }]],
    ['a NotBefore in the future', [{ notBefore: at(hourMs) }]],
    [
      'the right Recipient in one and the right time in another',
      [{ notOnOrAfter: at(-hourMs) }, { recipient: otherConnection.acsUrl }],
    ],
  ]
  runCases(
    [
      ...confirmations.map(
        ([name, list]): Case => ({
          row: 'P08',
          name,
          code: 'saml.subject_confirmation',
          build: { assertion: { confirmations: list } },
        }),
      ),
      {
        row: 'P08',
        name: 'no Subject',
        code: 'saml.subject_confirmation',
        build: { assertion: { subjectXml: null } },
      },
      {
        row: 'P08',
        name: 'a second one that is whole',
        code: 'accepted',
        build: { assertion: { confirmations: [{ recipient: otherConnection.acsUrl }, {}] } },
      },
      {
        row: 'P08 P19',
        name: 'NotOnOrAfter a millisecond inside the skew',
        code: 'accepted',
        build: { assertion: { confirmations: [{ notOnOrAfter: at(-skewMs + 1) }] } },
      },
    ],
    judgedShapes,
  )
})

const authnXml = (xml: string) => /<AuthnStatement.*<\/AuthnStatement>/.exec(xml)?.[0] ?? ''

describe('authentication', () => {
  const statements: readonly (readonly [name: string, assertion: object, code: string])[] = [
    ['no AuthnStatement', { authnStatementXml: null }, 'saml.authn'],
    ['no AuthnInstant', { authnInstant: null }, 'saml.authn'],
    ['AuthnInstant beyond the skew', { authnInstant: at(skewMs + 1) }, 'saml.authn'],
    ['AuthnInstant at the skew', { authnInstant: at(skewMs) }, 'accepted'],
    ['SessionNotOnOrAfter at the skew', { sessionNotOnOrAfter: at(-skewMs) }, 'saml.authn'],
    ['SessionNotOnOrAfter inside the skew', { sessionNotOnOrAfter: at(-skewMs + 1) }, 'accepted'],
    ['AuthnInstant of last month', { authnInstant: at(-30 * 24 * hourMs) }, 'accepted'],
  ]
  const startedAtMs = context.nowMs - minuteMs
  const forced = {
    logins: [
      {
        requestId: context.requestId,
        connectionId: context.connectionId,
        startedAtMs,
        forceAuthn: true,
      },
    ],
  }
  runCases(
    [
      ...statements.map(
        ([name, assertion, code]): Case => ({ row: 'P13 P19', name, code, build: { assertion } }),
      ),
      {
        row: 'P13',
        name: 'two AuthnStatements',
        code: 'saml.authn',
        build: { beforeSigning: (xml) => insertAfter(xml, 'AuthnStatement', authnXml(xml)) },
      },
      {
        row: 'P13',
        name: 'ForceAuthn and an AuthnInstant before the request and the skew',
        code: 'saml.authn',
        build: { assertion: { authnInstant: at(-minuteMs - skewMs - 1) } },
        control: { circumstances: forced },
      },
      {
        row: 'P13',
        name: 'ForceAuthn and an AuthnInstant just inside the skew',
        code: 'accepted',
        build: { assertion: { authnInstant: at(-minuteMs - skewMs) } },
        control: { circumstances: forced },
      },
    ],
    judgedShapes,
  )
})

describe('conditions', () => {
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
  const unknown = `<Condition ${xsi} xmlns:e="urn:example:e" xsi:type="e:Moonlight"/>`
  const conditions: readonly (readonly [name: string, extra: string, code: string])[] = [
    ['an unknown Condition', unknown, 'saml.condition'],
    ['two unknown Conditions', unknown + unknown, 'saml.condition'],
    ['a Condition without a type', '<Condition/>', 'saml.condition'],
    ['an unknown Condition after OneTimeUse', `<OneTimeUse/>${unknown}`, 'saml.condition'],
    ['OneTimeUse twice', '<OneTimeUse/><OneTimeUse/>', 'saml.schema'],
    ['OneTimeUse', '<OneTimeUse/>', 'accepted'],
    ['ProxyRestriction', '<ProxyRestriction Count="0"/>', 'accepted'],
    ['a foreign element', '<e:x xmlns:e="urn:example:e"/>', 'saml.schema'],
  ]
  runCases(
    conditions.map(
      ([name, conditionsExtra, code]): Case => ({
        row: 'P14',
        name,
        code,
        build: { assertion: { conditionsExtra } },
      }),
    ),
    judgedShapes,
  )
})

const success = 'urn:oasis:names:tc:SAML:2.0:status:Success'
const requester = 'urn:oasis:names:tc:SAML:2.0:status:Requester'
const status = (content: string) => `<samlp:Status>${content}</samlp:Status>`
const code = (value: string, inner = '') =>
  `<samlp:StatusCode Value="${value}">${inner}</samlp:StatusCode>`

describe('status', () => {
  const statuses: readonly (readonly [name: string, statusXml: string | null])[] = [
    ['absent', null],
    ['empty', status('')],
    ['twice', status(code(success)) + status(code(success))],
    ['not success, with an Assertion', status(code(requester))],
    ['success inside Requester', status(code(requester, code(success)))],
    ['success with spaces', status(code(` ${success}`))],
    ['success with a space behind', status(code(`${success} `))],
    ['an empty code', status(code(''))],
    ['success in another case', status(code(success.toUpperCase()))],
    ['a code without value', status('<samlp:StatusCode/>')],
  ]
  runCases(
    [
      ...statuses.map(
        ([name, statusXml]): Case => ({
          row: 'P02',
          name,
          code: 'saml.status',
          build: { response: { statusXml } },
        }),
      ),
      ...[
        [success, requester],
        [requester, success],
      ].map(
        (values): Case => ({
          row: 'P02',
          name: `two codes side by side, ${values.indexOf(success) === 0 ? 'the first' : 'the second'} one success`,
          code: 'saml.schema',
          build: { response: { statusXml: status(values.map((value) => code(value)).join('')) } },
        }),
      ),
      {
        row: 'P02',
        name: 'an error Response without an Assertion',
        shapes: ['FR', 'none'],
        code: 'saml.status',
        control: { build: { assertions: [{ signature: {} }] } },
        build: { assertions: [], response: { status: requester } },
      },
      {
        row: 'P02',
        name: 'success with a code inside',
        code: 'accepted',
        build: { response: { statusXml: status(code(success, code('urn:example:more'))) } },
      },
    ],
    judgedShapes,
  )
})

describe('other messages at the ACS', () => {
  runCases(
    (['LogoutResponse', 'AuthnRequest', 'LogoutRequest', 'ArtifactResponse'] as const).map(
      (local): Case => ({
        row: 'P17 W21',
        name: local,
        code: 'saml.schema',
        mutate: (xml) => xml.replaceAll('samlp:Response', `samlp:${local}`),
      }),
    ),
    judgedShapes,
  )
  runCases(
    [
      {
        row: 'X20',
        name: 'an element in a text',

        code: 'saml.schema',
        build: { beforeSigning: (xml) => appendInto(xml, 'NameID', '<x/>') },
      },
      ...['Issuer', 'Audience', 'AuthnContextClassRef'].map(
        (leaf): Case => ({
          row: 'X20',
          name: `an element in the text of ${leaf}`,
          code: 'saml.schema',
          build: { beforeSigning: (xml) => appendInto(xml, leaf, '<x/>') },
        }),
      ),
      {
        row: 'P08',
        name: 'text between the elements of a Subject',
        code: 'saml.schema',
        build: { beforeSigning: (xml) => appendInto(xml, 'Subject', 'text') },
      },
      {
        row: 'E09',
        name: 'an EncryptedID instead of the NameID',
        code: 'saml.unsupported',
        build: {
          beforeSigning: (xml) =>
            removeElement(xml, 'NameID').replace('<Subject>', '<Subject><EncryptedID/>'),
        },
      },
      {
        row: 'E09',
        name: 'an EncryptedAttribute',
        code: 'saml.unsupported',
        build: {
          beforeSigning: (xml) => appendInto(xml, 'AttributeStatement', '<EncryptedAttribute/>'),
        },
      },
    ],
    judgedShapes,
  )
})
