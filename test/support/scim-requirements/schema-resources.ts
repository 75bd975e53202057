import type { Sections } from './requirement.ts'

const asStated =
  'values are kept and returned as the client stated them, so that it never fights them'
const byClient = 'what the value says is the client\u2019s; the server keeps it'
const noPassword = 'a password is dropped before anything else happens, so there is none to handle'

export const schemaResources: Sections = {
  '4.1.1': {
    title: 'User: singular attributes',
    asks: {
      a: ['MUST', 'gives every user a userName that is not empty'],
      b: ['MUST', 'has each userName once, whatever its case'],
      c: ['REQUIRED', 'refuses a user without userName'],
      d: ['SHOULD', 'has the same name in formatted and in the parts', byClient],
      e: ['SHOULD', 'has the full name in displayName', byClient],
      f: ['SHOULD', 'shows a user by displayName', byClient],
      g: ['SHOULD NOT', 'does not use nickName as userName', byClient],
      h: ['SHALL NOT', 'returns no password, in clear text or hashed'],
      i: ['SHOULD', 'hashes a password', noPassword],
      j: ['SHOULD', 'prepares, validates and encrypts a password', noPassword],
      k: ['MUST', 'passes a password on over a secured connection only', noPassword],
      l: ['MUST', 'protects a password that waits to be passed on', noPassword],
      m: ['MUST NOT', 'returns no password in any form'],
    },
  },
  '4.1.2': {
    title: 'User: multi-valued attributes',
    asks: {
      a: ['SHOULD', 'has mail addresses of the form of RFC 5321', byClient],
      b: ['SHOULD', 'canonicalizes mail addresses', asStated],
      c: ['SHOULD', 'has phone numbers of the form of RFC 3966', byClient],
      d: ['SHOULD', 'canonicalizes phone numbers', asStated],
      e: ['SHOULD', 'canonicalizes addresses of instant messages', asStated],
      f: ['SHOULD', 'has one of the listed types of instant messages', byClient],
      g: ['MUST', 'has photos that are files', byClient],
      h: ['SHOULD NOT', 'has photos that show the user', byClient],
      i: ['MUST', 'has countries in ISO 3166-1', byClient],
      j: ['SHOULD', 'marks a group as direct when its members can be changed'],
      k: ['MUST', 'names a group of a user by its id'],
      l: ['MUST', 'changes memberships through the group only'],
      m: ['MUST', 'keeps certificates in base64'],
      n: ['MUST NOT', 'has one certificate in a value', byClient],
    },
  },
  '4.2': {
    title: 'Group',
    asks: { a: ['REQUIRED', 'refuses a group without displayName'] },
  },
  '4.3': {
    title: 'Enterprise user',
    asks: {
      a: ['RECOMMENDED', 'gives the id of the manager'],
      b: [
        'RECOMMENDED',
        'gives the address of the manager',
        'a manager is named before it exists here, as Entra sends it; an address could lead nowhere',
      ],
    },
  },
}
