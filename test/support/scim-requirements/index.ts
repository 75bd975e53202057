/**
 * What RFC 7643, RFC 7644 and RFC 9865 ask of a service provider: every MUST, SHALL, SHOULD, REQUIRED and
 * RECOMMENDED, with the negative ones, in the order of the text. A test belongs to a requirement when its
 * title, or the title of a describe around it, ends with the id in brackets:
 * `it('answers a duplicate with 409 [S7644-3.3-f]')`, or several: `[S7644-3.3-a S7644-3.3-b]`.
 * tools/gen-conformance.ts writes docs/conformance/scim.md from this list and the test report.
 */
import { cursorPagination } from './cursor.ts'
import { protocolAccess } from './protocol-access.ts'
import { protocolChange } from './protocol-change.ts'
import { protocolQuery } from './protocol-query.ts'
import { type Requirement, type Rfc, rfcs, type Sections } from './requirement.ts'
import { schemaBasics } from './schema-basics.ts'
import { schemaDiscovery } from './schema-discovery.ts'
import { schemaResources } from './schema-resources.ts'

export type { Requirement, Rfc } from './requirement.ts'
export { rfcs } from './requirement.ts'

const byRfc: Readonly<Record<Rfc, Sections>> = {
  '7643': { ...schemaBasics, ...schemaResources, ...schemaDiscovery },
  '7644': { ...protocolAccess, ...protocolQuery, ...protocolChange },
  '9865': cursorPagination,
}

const documents = Object.keys(rfcs) as Rfc[]

/** The sections of an RFC that ask for something, by number, in the order of the text. */
export function sectionsOf(rfc: Rfc): readonly { section: string; title: string }[] {
  return Object.entries(byRfc[rfc])
    .map(([section, { title }]) => ({ section, title }))
    .sort((a, b) => a.section.localeCompare(b.section, 'en', { numeric: true }))
}

export const requirements: readonly Requirement[] = documents.flatMap((rfc) =>
  sectionsOf(rfc).flatMap(({ section }) =>
    Object.entries(byRfc[rfc][section]?.asks ?? {}).map(([letter, [level, says, waived]]) => ({
      id: `S${rfc}-${section}-${letter}`,
      rfc,
      section,
      level,
      says,
      ...(waived === undefined ? {} : { waived }),
    })),
  ),
)
