import { rows, sections } from '../test/support/rows.ts'
import { requirements, rfcs, sectionsOf } from '../test/support/scim-requirements/index.ts'
import type { Page } from './conformance-page.ts'

/** Attacks on SAML: a title begins with the rows that it holds, `W01 W02 refuses …`. */
export const samlPage: Page = {
  file: 'docs/conformance/saml.md',
  head: [
    '# SAML conformance',
    '',
    'Each row is a known attack on SAML service providers, or a document that must stay accepted, with the',
    'tests that hold it. Written by `node tools/gen-conformance.ts`; do not edit.',
  ],
  noun: 'row',
  columns: ['Row', 'What'],
  sections: Object.entries(sections).map(([section, heading]) => ({
    heading: `${section} ${heading}`,
    items: rows
      .filter((row) => row.section === section)
      .map(({ id, title, waived }) => ({ id, cells: [title], waived })),
  })),
  readTitle(title) {
    const head = /^(?:[A-Z]\d\d\s+)+/.exec(title)?.[0] ?? ''
    return { ids: head.trim().split(/\s+/).filter(Boolean), rest: title.slice(head.length) }
  },
}

/** Requirements of the SCIM documents: a title ends with those that it holds, `answers 201 [S7644-3.3-c]`. */
export const scimPage: Page = {
  file: 'docs/conformance/scim.md',
  head: [
    '# SCIM conformance',
    '',
    `The ${requirements.length} things that RFC 7643, RFC 7644 and RFC 9865 ask of a service provider, every MUST, SHALL,`,
    'SHOULD, REQUIRED and RECOMMENDED in our words, with the tests that hold them. What only clients are asked',
    'is left out. Written by `node tools/gen-conformance.ts`; do not edit.',
  ],
  noun: 'requirement',
  columns: ['Requirement', 'Level', 'What'],
  sections: (Object.keys(rfcs) as (keyof typeof rfcs)[]).flatMap((rfc) =>
    sectionsOf(rfc).map(({ section, title }) => ({
      heading: `RFC ${rfc}, ${section} ${title}`,
      items: requirements
        .filter((one) => one.rfc === rfc && one.section === section)
        .map(({ id, level, says, waived }) => ({ id, cells: [level, says], waived })),
    })),
  ),
  readTitle(title) {
    const match = /^(.*?)\s*\[(S\d{4}-[^[\]]*)\]$/s.exec(title)
    return match === null
      ? { ids: [], rest: title }
      : { ids: (match[2] ?? '').split(/\s+/).filter(Boolean), rest: match[1] ?? '' }
  },
}

export const pages: readonly Page[] = [samlPage, scimPage]
