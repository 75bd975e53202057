import { DOMImplementation, DOMParser, XMLSerializer } from '@xmldom/xmldom'
import { setNodeDependencies } from 'xml-core'
import { Application, XmlCanonicalizer } from 'xmldsigjs'
import type { XmlElement } from './parse.ts'

setNodeDependencies({ DOMParser, XMLSerializer, DOMImplementation })
Application.setEngine('webcrypto', crypto as never)

/** Exclusive canonicalization 1.0 without comments of an element, by xmldsigjs. */
export function canonicalize(element: XmlElement): string {
  return new XmlCanonicalizer(false, true).Canonicalize(element as never)
}
