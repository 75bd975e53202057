import { foldCase } from '../kernel/index.ts'
import { nameClaim, nameIdClaim, upnClaim } from './default-names.ts'
import type { SourceName, SourceView } from './source-view.ts'

type Names = Readonly<Partial<Record<SourceName, readonly string[]>>>

const ofAnyProvider: Names = { saml: [nameIdClaim, upnClaim] }
/** Entra's default for the UPN is the name; other providers put a person's own name there. */
const ofEntra: Names = {
  saml: [nameIdClaim, upnClaim, nameClaim],
  graph: ['userPrincipalName'],
}

/**
 * Whether the provider itself called somebody so: by NameID or UPN, in a sign-in or in Graph (DESIGN 2.1, rule 2).
 * A claim that an admin mapped to userName may be one that people choose: it names, and never links.
 */
export function isOwnName(
  userName: string,
  views: readonly SourceView[],
  { isEntra }: { readonly isEntra: boolean },
): boolean {
  const names = isEntra ? ofEntra : ofAnyProvider
  const wanted = foldCase(userName)
  return views.some(({ source, attributes }) => {
    const own = new Set(names[source]?.map(foldCase))
    return Object.entries(attributes).some(
      ([name, { values }]) =>
        own.has(foldCase(name)) && values.length === 1 && foldCase(values[0] ?? '') === wanted,
    )
  })
}
