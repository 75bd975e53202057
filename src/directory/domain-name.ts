import { publicMailDomains } from './public-mail-domains.ts'

const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/**
 * A domain as it is stored and compared: lower case, internationalized names as punycode, no trailing
 * dot. Null for anything that is no name of at least two labels: addresses, ports, paths, single words.
 */
export function normalizeDomain(text: string): string | null {
  const host = text.trim().replace(/\.$/, '')
  if (host === '' || host.length > 253 || /[\s/?#:@\\%[\]]/.test(host)) return null
  const name = URL.parse(`https://${host}`)?.hostname ?? ''
  const labels = name.split('.')
  const isName = labels.length >= 2 && labels.every((part) => label.test(part))
  // The URL parser turns every notation of an IPv4 address into digits and dots.
  return isName && name.length <= 253 && !/^\d+$/.test(labels.at(-1) ?? '') ? name : null
}

/** Whether mailboxes under a domain are given to anybody, so that no organization can own it. */
export function isPublicMailDomain(domain: string): boolean {
  return publicMailDomains.has(domain)
}
