import { mappingLimits } from './mapping-limits.ts'
import { reconcileLimits } from './reconcile-limits.ts'

/**
 * Every limit, with its unit and its reason. Sizes are checked before parsing, counts before looping,
 * times before fetching.
 */
export const limits = {
  ...mappingLimits,
  ...reconcileLimits,
  /** Bytes of a posted form. 256 KiB of XML in base64 is 350 KB, percent-encoded at worst three times that for `+/=`. */
  formBytes: 512 * 1024,
  /** Bytes of a decoded SAML message; 150 Entra groups are about 11 KB, so this is generous. */
  samlMessageBytes: 256 * 1024,
  /** Bytes of an inflated Redirect-binding message: real ones are under 2 KB, logout with signature under 8 KB. */
  redirectMessageBytes: 64 * 1024,
  /** Characters of a raw query string that carries a SAML message. */
  redirectQueryLength: 32 * 1024,
  /** Parameters in such a query string; the binding knows six. */
  redirectParameters: 16,
  /** Parameters of a posted form; the POST binding knows two. */
  formParameters: 16,
  /** SessionIndex elements of one LogoutRequest; Entra sends one. */
  sessionIndexes: 64,
  /** Characters of an endpoint or metadata URL. */
  urlLength: 2048,
  xmlDepth: 64,
  xmlElements: 5000,
  xmlAttributesPerElement: 64,
  /** Namespace declarations in scope at once; each one is work for every element below. */
  xmlNamespacesInScope: 32,
  xmlNameLength: 256,
  xmlNamespaceLength: 256,
  xmlTextLength: 64 * 1024,
  /** Characters of one CipherValue, which is a whole encrypted assertion: only its message bounds it. */
  xmlCipherValueLength: 256 * 1024,
  /** Metadata of large providers carries several certificates and WS-Federation descriptors. */
  metadataBytes: 1024 * 1024,
  metadataFetchMs: 5000,
  metadataRedirects: 3,
  /** How old metadata may get; Microsoft asks for a look every 24 hours at least (entra.md b1). */
  metadataRefreshMs: 24 * 60 * 60 * 1000,
  /** The first pause after metadata that could not be used; each further one is twice as long, up to a day. */
  metadataRetryMs: 60 * 60 * 1000,
  /** How long a tick has a connection's refresh to itself; one that died is tried again after it. */
  metadataClaimMs: 15 * 60 * 1000,
  /**
   * Metadata that one tick refreshes: 5,760 connections a day. Each costs a request and 4 statements of the 50 that
   * an invocation of the free plan has, 10 when everything changes.
   */
  metadataRefreshesPerTick: 4,
  signedInfoBytes: 8 * 1024,
  prefixListLength: 64,
  keyInfoCertificates: 16,
  encryptedKeys: 4,
  /** SAML attributes and values together in one assertion (row N05). */
  samlAttributeValues: 1000,
  /** Characters of any SAML identifier: entity ids, message ids, NameIDs (saml2int G02). */
  samlIdentifierLength: 256,
  /** Clock skew tolerated at the receiver; Microsoft documents up to five minutes. */
  clockSkewMs: 5 * 60 * 1000,
  /** Longest validity of an assertion that is accepted; Entra's is 65 to 70 minutes. */
  assertionLifetimeMs: 24 * 60 * 60 * 1000,
  /** Oldest IssueInstant of a response that is accepted, before skew; Entra answers at once. */
  responseAgeMs: 10 * 60 * 1000,
  /** How long a person may take at the identity provider. */
  loginStateMs: 10 * 60 * 1000,
  /** Login cookies kept per browser, so that several tabs work and headers stay small. */
  loginStates: 5,
  relayStateBytes: 80,
  returnToLength: 2048,
  certificatesPerConnection: 16,
  certificateBytes: 16 * 1024,
  rsaMinBits: 2048,
  rsaMaxBits: 8192,
  /** The age at which an isolate reads a connection again before starting a sign-in. */
  connectionCacheMs: 60 * 1000,
  connectionCacheEntries: 1000,
  /** JSON bodies of the admin API; metadata XML may be inside. */
  adminBodyBytes: 1280 * 1024,
  /** How long a create may be repeated with its Idempotency-Key: longer than any client retries. */
  idempotencyMs: 24 * 60 * 60 * 1000,
  /** Longest life of a recovery link, in minutes. */
  recoveryLinkMinutes: 24 * 60,
  /** Longest life of a setup link, in days (DESIGN 2.2). */
  setupLinkDays: 7,
  /** Setup links of an organization that are not expired. */
  setupLinksPerOrganization: 50,
  /** Longest session in the console. */
  consoleSessionMs: 8 * 60 * 60 * 1000,
  /** How long after proving who they are somebody is shown secrets without being asked again. */
  consoleConfirmedMs: 15 * 60 * 1000,
  /** A token of Cloudflare Access is about 1 KB; groups may make it larger. */
  accessTokenLength: 16 * 1024,
  /** The largest form of the console: metadata of one application and a little more. */
  consoleFormBytes: 1_200_000,
  domainsPerOrganization: 100,
  connectionsPerOrganization: 50,
  testersPerConnection: 200,
  /** Test sign-ins of a connection at once, each with a report of some 20 KB; they go within 7 days. */
  testSignInsPerConnection: 200,
  /** Characters that the decoder takes: metadata of one provider is below 1 MiB. */
  decodedTextLength: 1024 * 1024,
  /** One DNS question over HTTPS, and the bytes of its answer: TXT records of a domain are a few kilobytes. */
  dnsMs: 5000,
  dnsAnswerBytes: 64 * 1024,
  /** Events in a support bundle: what happened last, and still a file to send by mail. */
  bundleEvents: 200,
  /** Events of one export: some 3 MB; the next part begins where it ends. */
  exportEvents: 5000,
  /** Rows that one page of a filtered list looks at; it may then be short, and say where to go on. */
  scanRows: 1000,
  pageSizeMax: 200,
  pageSizeDefault: 50,
  /** A bound value or row of D1 may not pass 2,000,000 bytes; chunk below it. */
  d1ChunkBytes: 1_500_000,
  certificateWarningDays: 60,
  /** Certificates that one tick warns of: their events are one value of D1, far below its limit. */
  certificateWarningsPerTick: 200,
  sessionTokenSeconds: 300,
  /** How long a network that invented too many sessions is told so without a look: the period of LIMIT_DOOR. */
  guesserClosedMs: 10 * 1000,
  /** Such networks that an isolate remembers, about 100 bytes each. */
  guesserEntries: 10_000,
  /** How long an isolate believes that there are no token keys yet: they are made with the first session. */
  noKeysCacheMs: 5 * 1000,
  /** How long an isolate repeats that it is well, and that it is not: monitoring asks every half minute or so. */
  healthCacheMs: 5 * 1000,
  unhealthyCacheMs: 1000,
  eventDays: 400,
  eventDetailDays: 30,
  /** Events kept per organization; the oldest go first. */
  eventsPerOrganization: 500_000,
  /** Events that one tick adds to the sums by day: 7,000,000 a day, and a log that was never summed in two hours. */
  eventsCountedPerTick: 5000,
  /** Events beyond the sums that statistics add up themselves: they are a minute or two of an organization. */
  uncountedEvents: 10_000,
  /** Open differences of one organization that its health counts: beyond, it is "many". */
  openDriftCounted: 1000,
  /** Organizations that one call of a search looks through; the next goes on behind them. */
  organizationsSearched: 1000,
  /** People that the consequences of a change are counted among; beyond, the numbers are of the first so many. */
  peopleCounted: 50_000,
  /** Days that statistics reach back at most, and without being asked. */
  statisticsDaysMax: 90,
  statisticsDays: 30,
  /** Sums of refusals that an isolate holds until it writes them, each about 200 bytes: 1 MB of its 128. */
  refusalSums: 5000,
  /** Characters of one source's statements about one person; what is beyond is left out. */
  sourceViewLength: 64 * 1024,
  /** Bytes of a SCIM request; 10,000 members of a group are about 700 KB. */
  scimBodyBytes: 5 * 1024 * 1024,
  /** Operations of one PATCH; Entra removes members one by one under the flag dialect. */
  scimPatchOperations: 10_000,
  /** Attributes that one request sets, members aside: setting one looks at the whole resource. */
  scimAttributeChanges: 250,
  /** Operations of one Bulk request, each a batch of its own: D1 counts statements per invocation. */
  scimBulkOperations: 50,
  /** Characters of a filter, a path or a sort attribute. */
  scimFilterLength: 4096,
  /** Comparisons in one filter: each is an expression of SQL. */
  scimFilterTerms: 50,
  scimFilterDepth: 20,
  /** Characters of one resource as JSON, attributes that nothing maps included. */
  scimResourceLength: 64 * 1024,
  /** Values that one user is found by (emails, custom attributes): each is a row and an entry of an index. */
  scimLookupValues: 250,
  /** Names in attributes and excludedAttributes: each is compared with each attribute of each resource. */
  scimProjectedNames: 250,
  scimPageSizeDefault: 100,
  scimPageSizeMax: 500,
  /** Members that one list of groups returns in all before it asks for excludedAttributes=members. */
  scimListMembers: 5000,
  /** Members read at once while a large group is streamed. */
  scimMemberChunk: 5000,
  /** How long an isolate trusts a credential that it has read: revocation takes at most so long. */
  scimCredentialCacheMs: 30 * 1000,
  scimTokensPerOrganization: 20,
  scimClientsPerOrganization: 20,
  /** Life of an access token from /oauth/token, in seconds (Microsoft's validation wants 60 to 360 minutes). */
  scimAccessTokenSeconds: 3600,
  /** Credentials that an isolate remembers; beyond, the one longest known goes. */
  scimCredentialCacheEntries: 10_000,
  /** Secrets of one client: the one in use and the next. */
  scimSecretsPerClient: 2,
  /** Bytes of a request at /oauth/token; most of them are the assertion. */
  oauthFormBytes: 32 * 1024,
  /** Characters of a federated assertion; Entra's are about 2,000. */
  federatedAssertionLength: 16 * 1024,
  /** Longest life of a federated assertion. */
  federatedAssertionMs: 2 * 60 * 60 * 1000,
  /** A tenant's published keys: Entra's are about 15 KB. */
  tenantKeysBytes: 256 * 1024,
  tenantKeysFetchMs: 5000,
  /** How long keys are used without asking again, and how soon an unknown key id asks again. */
  tenantKeysMs: 24 * 60 * 60 * 1000,
  tenantKeysRefetchMs: 60 * 1000,
  /** Tenants whose keys an isolate remembers. */
  tenantKeysEntries: 1000,
  /** Bytes of one answer of Microsoft Graph: pages of users have a few hundred, each about 2 KB. */
  graphAnswerBytes: 8 * 1024 * 1024,
  graphFetchMs: 20_000,
  /** A token answer, and how long it is waited for. */
  graphTokenBytes: 64 * 1024,
  graphTokenMs: 10_000,
  /** How long before its end a token is no longer used: a page may take its time. */
  graphTokenSpareMs: 2 * 60 * 1000,
  /** Tokens that an isolate remembers, one per organization and connection. */
  graphTokenEntries: 1000,
  /** Objects of one page; Graph gives at most 999. */
  graphPageItems: 5000,
  /** Objects that a page of a list is asked to have, the most that Graph gives: fewer pages, fewer subrequests. */
  graphListSize: 999,
  /** Characters of a link to the next page; Microsoft's pass 2,000. */
  graphLinkLength: 16 * 1024,
  /** Requests in one $batch, which is Graph's own limit. */
  graphBatchRequests: 20,
  /** Properties that one read selects. */
  graphSelectedProperties: 100,
  /** Groups that one getMemberGroups answers with; a user can be in 11,000 at most. */
  graphMemberGroups: 12_000,
  /** The pause when Graph asks for one without saying how long, and the longest that is believed. */
  graphPauseMs: 10_000,
  graphPauseMaxMs: 60 * 60 * 1000,
  /** Life of the assertion that proves a certificate; Entra wants ten minutes at most. */
  graphAssertionSeconds: 5 * 60,
  roleRulesPerOrganization: 100,
  /** Attributes that an organization defines beside the built-in ones: each is resolved for everybody. */
  attributesPerOrganization: 100,
  /** How long after SCIM changed a value Graph is believed to know of it: its copies lag for minutes, SCIM's cycle is 40. */
  graphSettledMs: 60 * 60 * 1000,
  /** Days from deletion in the tenant to erasure here that an admin may set: ten years of keeping. */
  retentionDaysMax: 3650,
  /** Secrets of one table that a tick encrypts anew: their old and new values are one value of D1, 500 KB. */
  resealedPerTick: 100,
  /** Those of Graph are a statement each. */
  resealedGraphSecretsPerTick: 10,
  /** Characters of any single piece of evidence kept with an event. */
  evidenceLength: 512,
} as const
