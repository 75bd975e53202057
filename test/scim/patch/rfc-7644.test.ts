import { describe, expect, it } from 'vitest'
import { enterprise, type Json, patched, patchedGroup, unwrap, viewAfter } from './patching.ts'

const work = { type: 'work', value: 'ann@example.com', primary: true }
const home = { type: 'home', value: 'ann@example.org' }

/** Sentences and examples of RFC 7644: what was, the operation, what is. */
type Case = readonly [sentence: string, before: Json, operation: object, after: Json]

const add: readonly Case[] = [
  [
    'the example without a path: a list gets one more, a single value is set, names in any case',
    { emails: [work] },
    {
      op: 'add',
      value: { emails: [{ value: 'babs@jensen.org', type: 'home' }], nickname: 'Babs' },
    },
    { emails: [work, { value: 'babs@jensen.org', type: 'home' }], nickName: 'Babs' },
  ],
  ['what does not exist is added', {}, { op: 'add', path: 'title', value: 'VP' }, { title: 'VP' }],
  [
    'a complex attribute gets the sub-attributes of the value',
    { name: { givenName: 'Ann' } },
    { op: 'add', path: 'name', value: { familyName: 'Lee' } },
    { name: { givenName: 'Ann', familyName: 'Lee' } },
  ],
  [
    'a multi-valued attribute gets a new value',
    { emails: [work] },
    { op: 'add', path: 'emails', value: [home] },
    { emails: [work, home] },
  ],
  [
    'also when it is sent alone',
    { emails: [work] },
    { op: 'add', path: 'emails', value: home },
    { emails: [work, home] },
  ],
  [
    'a single-valued attribute is replaced',
    { title: 'VP' },
    { op: 'add', path: 'title', value: 'CEO' },
    { title: 'CEO' },
  ],
  [
    'a value that is there already is not added again',
    { emails: [work, home] },
    { op: 'add', path: 'emails', value: [{ value: 'ANN@example.org', type: 'HOME' }] },
    { emails: [work, { type: 'HOME', value: 'ANN@example.org' }] },
  ],
  [
    'making a value primary ends that of the others',
    { emails: [work, home] },
    {
      op: 'add',
      path: 'emails',
      value: [{ type: 'other', value: 'a@example.net', primary: true }],
    },
    {
      emails: [
        { ...work, primary: false },
        home,
        { type: 'other', value: 'a@example.net', primary: true },
      ],
    },
  ],
  [
    'with a filter, the elements it finds get the sub-attribute',
    { emails: [work, home] },
    { op: 'add', path: 'emails[type eq "home"].display', value: 'Home' },
    { emails: [work, { ...home, display: 'Home' }] },
  ],
  [
    'with a filter alone, they get what the value says',
    { emails: [work, home] },
    { op: 'add', path: 'emails[type eq "home"]', value: { display: 'Home' } },
    { emails: [work, { ...home, display: 'Home' }] },
  ],
  [
    'an extension gets the attributes of the value',
    { [enterprise]: { department: 'Ops' } },
    { op: 'add', path: enterprise, value: { division: 'EU' } },
    { [enterprise]: { department: 'Ops', division: 'EU' } },
  ],
]

const remove: readonly Case[] = [
  [
    'a single value goes',
    { title: 'VP', locale: 'de' },
    { op: 'remove', path: 'title' },
    { locale: 'de' },
  ],
  [
    'without a filter all values go',
    { emails: [work, home] },
    { op: 'remove', path: 'emails' },
    {},
  ],
  [
    'the example: with a filter, those that it finds',
    { emails: [work, home, { type: 'work', value: 'a@example.net' }] },
    { op: 'remove', path: 'emails[type eq "work" and value ew "example.com"]' },
    { emails: [home, { type: 'work', value: 'a@example.net' }] },
  ],
  [
    'when none is left, the attribute is unassigned',
    { emails: [work] },
    { op: 'remove', path: 'emails[type eq "work"]' },
    {},
  ],
  [
    'with a filter and a sub-attribute, the sub-attribute goes',
    { emails: [{ ...work, display: 'Work' }, home] },
    { op: 'remove', path: 'emails[type eq "work"].display' },
    { emails: [work, home] },
  ],
  [
    'a sub-attribute goes',
    { name: { givenName: 'Ann', familyName: 'Lee' } },
    { op: 'remove', path: 'name.givenName' },
    { name: { familyName: 'Lee' } },
  ],
  ['what is not there is gone already', {}, { op: 'remove', path: 'emails[type eq "work"]' }, {}],
  [
    'a whole extension goes',
    { title: 'VP', [enterprise]: { department: 'Ops' } },
    { op: 'remove', path: enterprise },
    { title: 'VP' },
  ],
]

const address = { type: 'work', streetAddress: '1 Rd', locality: 'X' }

const replace: readonly Case[] = [
  [
    'the example without a path: each attribute of the value',
    { emails: [work], nickName: 'A', title: 'VP' },
    { op: 'replace', value: { emails: [home], nickname: 'Babs' } },
    { emails: [home], nickName: 'Babs', title: 'VP' },
  ],
  [
    'a single value',
    { title: 'VP' },
    { op: 'replace', path: 'title', value: 'CEO' },
    { title: 'CEO' },
  ],
  [
    'all values of a multi-valued attribute',
    { emails: [work, home] },
    { op: 'replace', path: 'emails', value: [{ value: 'x@example.com' }] },
    { emails: [{ value: 'x@example.com' }] },
  ],
  [
    'what does not exist is added',
    {},
    { op: 'replace', path: 'title', value: 'CEO' },
    { title: 'CEO' },
  ],
  [
    'sub-attributes of a complex attribute, the others staying',
    { name: { givenName: 'Ann', familyName: 'Lee' } },
    { op: 'replace', path: 'name', value: { familyName: 'Ray' } },
    { name: { givenName: 'Ann', familyName: 'Ray' } },
  ],
  [
    'the example: the element that a filter finds',
    { addresses: [address] },
    {
      op: 'replace',
      path: 'addresses[type eq "work"]',
      value: { type: 'work', streetAddress: '911 Universal City Plaza', locality: 'Hollywood' },
    },
    {
      addresses: [
        { type: 'work', streetAddress: '911 Universal City Plaza', locality: 'Hollywood' },
      ],
    },
  ],
  [
    'the element stays what the filter says that it is',
    { addresses: [address] },
    { op: 'replace', path: 'addresses[type eq "work"]', value: { streetAddress: '2 Rd' } },
    { addresses: [{ type: 'work', streetAddress: '2 Rd' }] },
  ],
  [
    'the example: a sub-attribute of what a filter finds',
    { addresses: [address] },
    { op: 'replace', path: 'addresses[type eq "work"].streetAddress', value: '1010 Broadway Ave' },
    { addresses: [{ ...address, streetAddress: '1010 Broadway Ave' }] },
  ],
  [
    'primary, which ends that of the others',
    { emails: [work, home] },
    { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
    {
      emails: [
        { ...work, primary: false },
        { ...home, primary: true },
      ],
    },
  ],
]

describe.each([
  ['3.5.2.1 add', add],
  ['3.5.2.2 remove', remove],
  ['3.5.2.3 replace', replace],
])('RFC 7644 %s', (_section, cases) => {
  it.each(cases)('%s', (_sentence, before, operation, after) => {
    expect(viewAfter(before, operation)).toEqual(after)
  })

  it.each(cases)('%s, and again', (_sentence, _before, operation, after) => {
    expect(unwrap(patched(after, operation))).toMatchObject({ view: after, changed: false })
  })
})

const babs = '2819c223-7f76-453a-919d-413861904646'
const ref = `https://example.com/v2/Users/${babs}`

describe('RFC 7644 3.5.2, the examples with members', () => {
  it.each([
    [
      'add',
      [{ op: 'add', path: 'members', value: [{ display: 'Babs Jensen', $ref: ref, value: babs }] }],
      [{ kind: 'add', ids: [babs] }],
    ],
    [
      'remove one',
      [{ op: 'remove', path: `members[value eq "${babs}"]` }],
      [{ kind: 'remove', ids: [babs] }],
    ],
    ['remove all', [{ op: 'remove', path: 'members' }], [{ kind: 'keep', ids: [] }]],
    [
      'remove one and add another in one request',
      [
        { op: 'remove', path: `members[value eq "${babs}"]` },
        { op: 'add', path: 'members', value: [{ display: 'James Smith', value: '08e1d05d' }] },
      ],
      [
        { kind: 'remove', ids: [babs] },
        { kind: 'add', ids: ['08e1d05d'] },
      ],
    ],
    [
      'replace all',
      [
        { op: 'remove', path: 'members' },
        { op: 'add', path: 'members', value: [{ value: babs }, { value: '08e1d05d' }] },
      ],
      [
        { kind: 'keep', ids: [] },
        { kind: 'add', ids: [babs, '08e1d05d'] },
      ],
    ],
    [
      'replace',
      [{ op: 'replace', path: 'members', value: [{ value: babs }] }],
      [
        { kind: 'keep', ids: [babs] },
        { kind: 'add', ids: [babs] },
      ],
    ],
  ])('%s', (_name, operations, steps) => {
    expect(unwrap(patchedGroup(...operations)).memberSteps).toEqual(steps)
  })
})

describe('RFC 7644 3.5.2, what is refused', () => {
  it.each([
    ['a remove without a path', { op: 'remove' }, 'scim.no_target'],
    [
      'a replace whose filter finds nothing',
      { op: 'replace', path: 'emails[value eq "x@example.com"].display', value: 'X' },
      'scim.no_target',
    ],
    [
      'a replace of a whole element that is not there',
      { op: 'replace', path: 'emails[type eq "other"]', value: { value: 'x@example.com' } },
      'scim.no_target',
    ],
    ['a removed required attribute', { op: 'remove', path: 'userName' }, 'scim.mutability'],
    [
      'a path to what is read-only',
      { op: 'replace', path: 'id', value: 'usr_2' },
      'scim.mutability',
    ],
    ['a part of it', { op: 'replace', path: 'meta.version', value: '2' }, 'scim.mutability'],
    ['its elements', { op: 'remove', path: 'groups[value eq "grp_1"]' }, 'scim.mutability'],
    [
      'a read-only part',
      { op: 'add', path: `${enterprise}:manager.displayName`, value: 'B' },
      'scim.mutability',
    ],
    ['a path that is none', { op: 'add', path: 'emails[type eq', value: 'x' }, 'scim.invalid_path'],
    [
      'a filter on a single value',
      { op: 'remove', path: 'name[givenName eq "Ann"]' },
      'scim.invalid_path',
    ],
    [
      'a part of a simple value',
      { op: 'add', path: 'title.value', value: 'x' },
      'scim.invalid_path',
    ],
    ['an add without a value', { op: 'add', path: 'title' }, 'scim.invalid_value'],
    ['a replace without value and path', { op: 'replace' }, 'scim.invalid_value'],
    ['a text where an object is needed', { op: 'replace', value: 'x' }, 'scim.invalid_value'],
    [
      'a text for an extension',
      { op: 'replace', path: enterprise, value: 'x' },
      'scim.invalid_value',
    ],
  ])('%s', (_name, operation, code) => {
    const first = { op: 'replace', path: 'title', value: 'x' }
    expect(patched({ emails: [work] }, first, operation)).toMatchObject({
      ok: false,
      failure: { code },
    })
  })
})
