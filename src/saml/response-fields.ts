import { attributeOf, type XmlElement } from '../xml/index.ts'
import { type Issuer, readIssuer } from './read-message.ts'
import { RefuseOnly } from './refuse-only.ts'
import { readStatus, type Status } from './status.ts'

/** What a Response says of itself, under a signature of its own. */
export type SignedFields = {
  readonly isSigned: true
  readonly issueInstant: string
  readonly destination: string | null
  readonly inResponseTo: string | null
  readonly issuer: Issuer | null
  readonly status: Status
}

/** The same from a Response that is not signed: good for refusing, and for nothing else. */
export type UnsignedFields = {
  readonly isSigned: false
  readonly issueInstant: RefuseOnly
  readonly destination: RefuseOnly
  readonly inResponseTo: RefuseOnly
  readonly issuer: RefuseOnly
  readonly issuerFormat: RefuseOnly
  readonly status: Status
}

export type ResponseFields = SignedFields | UnsignedFields

/** Reads the fields from the tree that was digested. */
export function readSignedFields(root: XmlElement): SignedFields {
  return {
    isSigned: true,
    issueInstant: attributeOf(root, 'IssueInstant') ?? '',
    destination: attributeOf(root, 'Destination'),
    inResponseTo: attributeOf(root, 'InResponseTo'),
    issuer: readIssuer(root),
    status: readStatus(root),
  }
}

/** Reads the fields from the tree as it came. */
export function readUnsignedFields(root: XmlElement): UnsignedFields {
  const issuer = readIssuer(root)
  const attribute = (name: string) => new RefuseOnly(attributeOf(root, name))
  return {
    isSigned: false,
    issueInstant: attribute('IssueInstant'),
    destination: attribute('Destination'),
    inResponseTo: attribute('InResponseTo'),
    issuer: new RefuseOnly(issuer?.value ?? null),
    issuerFormat: new RefuseOnly(issuer?.format ?? null),
    status: readStatus(root),
  }
}
