import type { Sections } from './requirement.ts'

const tls = 'TLS ends at the edge: a Worker sees only what arrived through it'
const noBasic = 'HTTP Basic is not offered'

export const protocolAccess: Sections = {
  '1.2': {
    title: 'Notational conventions',
    asks: { a: ['MUST', 'percent-encodes URLs and reads percent-encoded ones'] },
  },
  '1.3': {
    title: 'Base URI',
    asks: { a: ['MUST NOT', 'has no query string in its base URI'] },
  },
  '2': {
    title: 'Authentication and authorization',
    asks: {
      a: ['SHOULD NOT', 'accepts no token that was issued without authentication'],
      b: ['SHOULD', 'combines HTTP Basic with another factor', noBasic],
      c: ['SHALL', 'names its authentication schemes in WWW-Authenticate'],
      d: ['MUST', 'maps the client to what it may read and write'],
      e: ['MUST', 'maps the client to one security subject'],
      f: ['SHOULD', 'considers whether the subject may do this to this resource'],
    },
  },
  '2.1': {
    title: 'Use of tokens as authorizations',
    asks: {
      a: ['SHOULD', 'considers the scopes of a token'],
      b: ['SHOULD', 'considers whom the token stands for'],
      c: ['MUST', 'answers a stolen, expired or revoked OAuth token as it answers none'],
      d: ['MUST', 'treats tokens of its own the same way'],
    },
  },
  '3.1': {
    title: 'Background',
    asks: {
      a: ['MUST', 'marks its messages with URIs that begin with urn:ietf:params:scim:api:'],
      b: ['SHALL NOT', 'does not list the schemas of messages under /Schemas'],
      c: ['SHALL', 'answers with the state of the resource as it understood it'],
    },
  },
  '3.2': {
    title: 'Endpoints and methods',
    asks: {
      a: ['SHOULD', 'names an endpoint by the plural of its resource'],
      b: ['MUST NOT', 'creates nothing on PUT'],
      c: ['SHOULD', 'sends an error as the HTTP status'],
      d: ['SHOULD', 'repeats the error in the body'],
    },
  },
  '3.3': {
    title: 'Creating resources',
    asks: {
      a: ['SHALL', 'treats attributes of a new resource by their mutability'],
      b: ['SHALL', 'ignores read-only attributes of a new resource'],
      c: ['SHALL', 'answers a successful creation with 201'],
      d: ['SHOULD', 'returns the new resource'],
      e: ['SHALL', 'gives the address in Location and in meta.location'],
      f: ['MUST', 'answers a duplicate with 409 and uniqueness'],
    },
  },
  '3.3.1': {
    title: 'Resource types',
    asks: { a: ['SHALL', 'sets meta.resourceType to the type of the endpoint'] },
  },
  '3.8': {
    title: 'Data formats',
    asks: {
      a: ['MUST', 'accepts and returns JSON in UTF-8'],
      b: ['SHALL', 'takes UTF-8 as the encoding when none is named'],
      c: ['MUST', 'accepts Accept: application/scim+json'],
      d: ['SHOULD', 'accepts Accept: application/json'],
    },
  },
  '3.9': {
    title: 'Which attributes are returned',
    asks: {
      a: ['SHALL', 'replaces the default attributes by those in `attributes`'],
      b: ['MUST', 'returns id and schemas beside those in `attributes`'],
      c: ['MUST', 'returns id and schemas whatever is excluded'],
    },
  },
  '3.11': {
    title: '/Me',
    asks: {
      a: ['SHOULD', 'answers 501 to /Me'],
      b: [
        'MUST',
        'gives the permanent address of the aliased resource in Location',
        '/Me is answered 501: a provisioning token stands for no person',
      ],
    },
  },
  '3.12': {
    title: 'Errors',
    asks: {
      a: ['MUST', 'returns an error as JSON with the URI of the Error message'],
      b: ['REQUIRED', 'gives the HTTP status as a string in `status`'],
      c: ['SHOULD', 'uses the listed statuses as they are meant'],
      d: ['SHOULD', 'helps to find the cause of an internal error'],
      e: ['SHALL NOT', 'keeps personal values out of the addresses that it gives'],
    },
  },
  '3.13': {
    title: 'Versions of the protocol',
    asks: {
      a: ['MUST', 'has the version in the path just before the resource'],
      b: ['MUST', 'refuses a version that it does not speak'],
      c: [
        'SHOULD',
        'speaks its newest version when none is named',
        'the base URI always names v2; nothing is served beside it',
      ],
    },
  },
  '3.14': {
    title: 'Versions of resources',
    asks: {
      a: ['MUST', 'gives the version of a resource in the ETag header'],
      b: ['SHOULD', 'gives the version in meta.version'],
    },
  },
  '4': {
    title: 'Configuration endpoints',
    asks: {
      a: ['SHALL', 'serves /ServiceProviderConfig with its own schema URI'],
      b: ['SHALL', 'lists every supported schema under /Schemas'],
      c: ['SHALL', 'lists resource types and schemas as a ListResponse'],
      d: ['SHALL', 'ignores sorting and paging of resource types and schemas'],
      e: ['SHOULD', 'answers 403 to a filter on them'],
    },
  },
  '5': {
    title: 'Internationalized strings',
    asks: { a: ['MUST', 'prepares userName by PRECIS before it is compared'] },
  },
  '7.2': {
    title: 'TLS',
    asks: {
      a: ['MUST', 'requires TLS', tls],
      b: ['MUST', 'supports TLS 1.2', tls],
    },
  },
  '7.3': {
    title: 'Authorization tokens',
    asks: { a: ['MUST', 'takes the threats to OAuth tokens into account'] },
  },
  '7.4': {
    title: 'Bearer tokens and cookies',
    asks: {
      a: ['MUST', 'makes tokens that cannot be guessed'],
      b: ['MUST', 'exchanges tokens over TLS only', tls],
      c: ['MUST', 'knows when a token ends and refuses it from then on'],
      d: ['SHOULD', 'lets a cookie last no longer than the browser', 'SCIM takes no cookies'],
    },
  },
  '7.5.1': {
    title: 'Personal information',
    asks: { a: ['MUST', 'keeps personal values from those without need: other organizations'] },
  },
  '7.5.2': {
    title: 'Sensitive information in URIs',
    asks: {
      a: [
        'SHOULD',
        'answers 403 to a GET with a sensitive filter',
        'Entra finds everyone by a GET with a filter on userName or emails; .search is there for others',
      ],
    },
  },
  '7.7': {
    title: 'Storage of sensitive data',
    asks: {
      a: ['SHOULD', 'stores no credential in clear text'],
      b: ['SHOULD', 'slows guessing down'],
      c: ['SHOULD', 'tells clients apart by what they may do'],
    },
  },
  '7.8': {
    title: 'Comparison without case',
    asks: { a: ['MUST', 'prepares strings before it compares them in filters'] },
  },
  '8.1': {
    title: 'Media type',
    asks: { a: ['SHOULD', 'answers with application/scim+json'] },
  },
}
