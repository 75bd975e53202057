import type { Sections } from './requirement.ts'

const asStated =
  'values are kept and returned as the client stated them, so that it never fights them'

export const schemaBasics: Sections = {
  '1.2': {
    title: 'Definitions',
    asks: { a: ['MUST NOT', 'gives sub-attributes to complex attributes only'] },
  },
  '2.1': {
    title: 'Attributes',
    asks: {
      a: ['MUST', 'names the schemas of every resource in schemas'],
      b: ['MUST', 'gives attributes names of the permitted form'],
    },
  },
  '2.2': {
    title: 'Attribute characteristics',
    asks: { a: ['REQUIRED', 'requires no attribute that is not declared so'] },
  },
  '2.3': {
    title: 'Data types',
    asks: { a: ['SHOULD NOT', 'has no data types of its own in extensions'] },
  },
  '2.3.4': {
    title: 'Integer',
    asks: { a: ['MUST NOT', 'writes integers without fraction and exponent'] },
  },
  '2.3.5': {
    title: 'DateTime',
    asks: {
      a: ['MUST', 'writes times as xsd:dateTime'],
      b: ['MUST', 'writes times with date and time'],
      c: ['MUST', 'writes times as JSON strings'],
    },
  },
  '2.3.6': {
    title: 'Binary',
    asks: { a: ['MUST', 'keeps binary values in the base64 in which they came'] },
  },
  '2.3.7': {
    title: 'Reference',
    asks: {
      a: ['MUST', 'writes references as URIs'],
      b: ['MUST', 'writes references that resolve against the base URI'],
      c: ['MUST', 'writes references that HTTP can reach'],
      d: ['MUST', 'answers a GET on a reference with the resource'],
    },
  },
  '2.3.8': {
    title: 'Complex',
    asks: {
      a: ['MUST NOT', 'expects no order of attributes'],
      b: ['MUST NOT', 'has no complex attribute within a complex one'],
    },
  },
  '2.4': {
    title: 'Multi-valued attributes',
    asks: {
      a: ['SHALL', 'takes objects in a list as complex values'],
      b: ['MUST', 'uses type, primary, display, value and $ref as they are meant'],
      c: ['MUST', 'keeps at most one value primary'],
      d: ['SHALL', 'takes a value that does not say so as not primary'],
      e: ['SHALL', 'takes references with and without a version as the same'],
      f: ['SHOULD', 'canonicalizes values when it returns them', asStated],
      g: ['SHOULD NOT', 'returns no pair of type and value twice'],
    },
  },
  '2.5': {
    title: 'Unassigned and null values',
    asks: { a: ['SHALL', 'takes null, an empty list and absence as the same state'] },
  },
  '3': {
    title: 'Resources',
    asks: {
      a: ['REQUIRED', 'gives schemas with every resource'],
      b: ['MUST', 'lists in schemas what the representation holds, and never nothing'],
      c: ['MUST', 'lists only schemas of the resource type'],
      d: ['MUST NOT', 'lists no schema twice'],
      e: ['MUST NOT', 'behaves the same whatever the order of schemas'],
      f: ['SHALL', 'takes the common attributes as part of every resource'],
    },
  },
  '3.1': {
    title: 'Common attributes',
    asks: {
      a: ['MUST', 'defines id, externalId and meta for all resources'],
      b: ['MUST', 'assigns id and meta itself'],
      c: ['SHALL', 'gives the common attributes the characteristics of this section'],
      d: ['MUST', 'gives every representation an id'],
      e: ['MUST', 'gives no two resources the same id'],
      f: ['MUST', 'never changes an id and never gives it to another'],
      g: ['MUST NOT', 'takes no id from a client'],
      h: ['MUST NOT', 'makes no id that contains bulkId'],
      i: ['MUST NOT', 'makes no externalId of its own'],
      j: ['MUST', 'reads externalId within the domain that provisions'],
      k: ['SHALL', 'ignores meta from a client'],
      l: ['MUST', 'gives created as a DateTime'],
      m: ['MUST', 'gives lastModified equal to created until something changes'],
      n: ['MUST', 'gives the same address in meta.location and in the header'],
      o: ['MUST', 'marks its versions as weak'],
    },
  },
  '3.3': {
    title: 'Attribute extensions',
    asks: {
      a: ['MUST', 'has at least one schema in schemas'],
      b: ['SHALL', 'has the base schema among them'],
      c: ['SHOULD', 'redefines no core attribute in an extension'],
      d: ['SHOULD', 'writes its extension as the core schemas are written'],
      e: ['SHALL', 'keeps attributes of an extension in an object named by its URI'],
    },
  },
}
