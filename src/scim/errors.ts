import type { ErrorEntry } from '../kernel/index.ts'

/** The scimType values of RFC 7644 table 9, and those of RFC 9865. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'

type Code =
  | 'scim.unauthorized'
  | 'scim.scope'
  | 'scim.switched_off'
  | 'scim.not_found'
  | 'scim.invalid_filter'
  | 'scim.too_many'
  | 'scim.mutability'
  | 'scim.invalid_syntax'
  | 'scim.invalid_path'
  | 'scim.no_target'
  | 'scim.invalid_value'
  | 'scim.invalid_cursor'
  | 'scim.version_mismatch'
  | 'scim.body_too_large'
  | 'scim.media_type'
  | 'scim.me'

/**
 * A request that SCIM refuses. `detail` is one or two sentences for an Entra admin, who reads it verbatim in
 * the provisioning log: it names the attribute and the remedy.
 */
export type ScimFailure = { readonly code: Code; readonly detail: string }

export type ScimErrorEntry = ErrorEntry & { readonly scimType?: ScimType }

type Row = readonly [status: number, scimType: ScimType | undefined, means: string, fix: string]

const rows: Readonly<Record<Code, Row>> = {
  'scim.unauthorized': [
    401,
    undefined,
    'The bearer token is missing, unknown, expired or disabled.',
    'Make a new SCIM token and paste it into Entra under Provisioning, Admin credentials, Secret token.',
  ],
  'scim.scope': [
    403,
    undefined,
    'The credential may not do this.',
    'Give the SCIM client the scope that the answer names.',
  ],
  'scim.switched_off': [
    403,
    undefined,
    'SCIM provisioning is switched off for the organization.',
    'Switch it on for the organization (provisioning.scim), or remove the provisioning job in Entra.',
  ],
  'scim.not_found': [
    404,
    undefined,
    'There is no such resource for this credential.',
    'If Entra keeps asking for it, restart provisioning so that it matches people and groups again.',
  ],
  'scim.invalid_filter': [
    400,
    'invalidFilter',
    'The filter cannot be read or compares what cannot be compared.',
    'Correct the filter at the place that the answer names (RFC 7644 section 3.4.2.2).',
  ],
  'scim.too_many': [
    400,
    'tooMany',
    'The answer or the request would be larger than the limit.',
    'Ask for fewer at once, as the answer says.',
  ],
  'scim.mutability': [
    400,
    'mutability',
    'The attribute is read-only.',
    'Remove the attribute from the mapping.',
  ],
  'scim.invalid_syntax': [
    400,
    'invalidSyntax',
    'The body is not the JSON that this request needs.',
    'Send the message that the answer describes.',
  ],
  'scim.invalid_path': [
    400,
    'invalidPath',
    'The path of a PATCH operation cannot be read.',
    'Correct the path that the answer names (RFC 7644 section 3.5.2).',
  ],
  'scim.no_target': [
    400,
    'noTarget',
    'The path of a PATCH operation matches nothing.',
    'Correct the path that the answer names.',
  ],
  'scim.invalid_value': [
    400,
    'invalidValue',
    'A required value is missing or has the wrong type.',
    'Correct the mapping of the attribute that the answer names.',
  ],
  'scim.invalid_cursor': [
    400,
    'invalidCursor',
    'The cursor was not made by this server.',
    'Begin again without a cursor.',
  ],
  'scim.version_mismatch': [
    412,
    undefined,
    'The resource has changed since the version that If-Match names.',
    'Read the resource again, then repeat the change.',
  ],
  'scim.body_too_large': [
    413,
    undefined,
    'The request is larger than the limit.',
    'Split the request, as the answer says.',
  ],
  'scim.media_type': [
    415,
    undefined,
    'The body is not declared as JSON.',
    'Send Content-Type: application/scim+json or application/json.',
  ],
  'scim.me': [
    501,
    undefined,
    'The alias /Me stands for a person, and a provisioning token is none.',
    'Use /Users and an id.',
  ],
}

const provisioning = 'Enterprise applications > your app > Provisioning'
const mappings = `${provisioning} > Edit attribute mappings`

/** Where in Microsoft Entra that is. */
const entra: Readonly<Partial<Record<Code, string>>> = {
  'scim.unauthorized': `${provisioning} > Admin credentials: paste a new token into Secret Token, press Test Connection, Save, then Restart provisioning. After many refusals the job is in quarantine: Restart ends that too.`,
  'scim.scope': `${provisioning} > Admin credentials: use the client that was made for provisioning.`,
  'scim.switched_off': `${provisioning} > Overview: Stop provisioning, until it is switched on here.`,
  'scim.not_found': `${provisioning} > Restart provisioning: Entra forgets the ids it remembers.`,
  'scim.invalid_filter': `${mappings} > Users: match by userName or externalId, and check the target attribute’s spelling.`,
  'scim.mutability': `${mappings}: delete the row whose target attribute is read-only.`,
  'scim.invalid_path': `${mappings} > Show advanced options > Edit attribute list: correct the target attribute that the answer names.`,
  'scim.no_target': `${mappings}: correct the target attribute that the answer names.`,
  'scim.invalid_value': `${mappings}: give the attribute that the answer names a source that everybody has, or a default value.`,
  'scim.invalid_syntax': `${provisioning} > Provisioning logs > the entry > Troubleshooting: see which attribute was sent, and correct its mapping.`,
  'scim.too_many': `${provisioning} > Provisioning logs: see what was sent; assign smaller groups.`,
}

export const scimErrors = Object.fromEntries(
  Object.entries(rows).map(([code, [status, scimType, means, fix]]) => [
    code,
    {
      status,
      tell: status === 401 ? 'unauthorized' : status === 404 ? 'not-found' : 'bad-request',
      log: 'info',
      means,
      fix,
      ...(scimType === undefined ? {} : { scimType }),
      ...(entra[code as Code] === undefined ? {} : { entra: entra[code as Code] }),
    } satisfies ScimErrorEntry,
  ]),
) as unknown as Readonly<Record<Code, ScimErrorEntry>>
