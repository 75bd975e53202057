/** A text as one part of a path, quoted names of OData included: it can neither end the part nor the quotes. */
export function pathPart(text: string): string {
  return encodeURIComponent(text).replaceAll("'", '%27')
}

/** The enterprise application of an app id (learn.microsoft.com/graph/api/serviceprincipal-get). */
export function applicationPath(appId: string): string {
  return `/servicePrincipals(appId='${pathPart(appId)}')`
}
