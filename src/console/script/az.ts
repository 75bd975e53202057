import { headerLines } from './header.ts'
import { claimsPolicy, type ScriptInput, scriptUrls } from './input.ts'
import { filterOf } from './powershell.ts'
import { bashLiteral as literal } from './quote.ts'

/** The Entra side in one go as bash for the Azure CLI (az rest), with the same calls as in PowerShell. */
export function azScript(input: ScriptInput): string {
  const { cloud, connectionId, tenantId, claims, withScim } = input
  const header = headerLines(input, {
    needs: [
      'bash and the Azure CLI 2.60 or newer, signed in: az login --allow-no-subscriptions',
      ...(withScim
        ? [
            'jq, for step 6; without it the script says what to click instead',
            'Synchronization.ReadWrite.All for provisioning: if Microsoft Graph answers 403 there,',
            '    use the PowerShell script, which asks for exactly that permission',
          ]
        : []),
      'Azure Cloud Shell has all of it',
    ],
    start: '--start',
  })
  const body = (value: unknown) => literal(JSON.stringify(value))
  return [
    '#!/usr/bin/env bash',
    ...header.map((line) => `# ${line}`.trimEnd()),
    setUp,
    `graph=${literal(`${cloud.graphUrl}/v1.0`)}`,
    `public=${literal(input.publicUrl)}`,
    `login=${literal(input.loginUrl)}`,
    'tenant=$(az account show --query tenantId -o tsv)',
    ...(tenantId === null
      ? []
      : [
          `if [ "$tenant" != ${literal(tenantId.toLowerCase())} ]; then fail ${literal(`Sign in to the other tenant first: az login --allow-no-subscriptions --tenant ${tenantId.toLowerCase()}`)}; fi`,
        ]),
    `filter=${literal(filterOf(input))}`,
    `body ${body({ displayName: input.name })}`,
    `template=${literal(cloud.templateId)}`,
    application,
    ...(connectionId === null
      ? [`setup=${literal(input.setupUrl)}`, askConnection]
      : Object.entries(scriptUrls(input, connectionId)).map(
          ([key, url]) => `${key}=${literal(url)}`,
        )),
    addresses,
    ...(claims.length === 0 ? [] : [`body ${body(claimsPolicy(claims))}`, claimsStep]),
    ...(withScim ? [provisioning] : []),
    "echo 'Done. Go on in the set-up guide of Portico.'",
    '',
  ].join('\n')
}

const setUp = `
set -euo pipefail
umask 077
app_id=
start=
while [ $# -gt 0 ]; do
  case $1 in
    --app-id) app_id=$2; shift 2 ;; # use this application, which exists already
    --start) start=yes; shift ;;
    *) echo "Unknown: $1" >&2; exit 2 ;;
  esac
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "$1" >&2; exit 1; }
hex() { case $1 in *[!0-9A-Fa-f-]* | '') fail "No id: $1" ;; *) printf '%s' "$1" ;; esac; }
# The body of the next call, in a file that only you can read
body() { printf '%s' "$1" > "$work/body.json"; }
get() { az rest --only-show-errors --method get --url "$graph/$1" --query "$2" --output tsv; }
# Sends the body; prints what the query finds in the answer
send() {
  az rest --only-show-errors --method "$1" --url "$graph/$2" --headers 'Content-Type=application/json' \\
    --body "@$work/body.json" --query "$3" --output tsv
}
`

const application = `
# 1. The application, if it is not there yet
if [ -n "$app_id" ]; then filter="appId%20eq%20%27$(hex "$app_id")%27"; fi
count=$(get "applications?\\$filter=$filter" 'length(value)')
if [ "$count" -gt 1 ]; then fail 'Several applications have this name: name one by --app-id.'; fi
if [ "$count" = 1 ]; then
  app_id=$(hex "$(get "applications?\\$filter=$filter" 'value[0].appId')")
  echo "Found $app_id"
elif [ -n "$app_id" ]; then
  fail 'There is no application with this id.'
else
  app_id=$(hex "$(send post "applicationTemplates/$template/instantiate" application.appId)")
  echo "Made $app_id"
fi
# A new one takes a moment to be known everywhere
for try in 1 2 3 4 5 6 7 8 9 10 11 12; do
  app=$(get "applications?\\$filter=appId%20eq%20%27$app_id%27" 'value[0].id' || true)
  sp=$(get "servicePrincipals?\\$filter=appId%20eq%20%27$app_id%27" 'value[0].id' || true)
  if [ -n "$app" ] && [ -n "$sp" ]; then break; fi
  if [ "$try" = 12 ]; then fail 'The application is not there yet: run this again in a minute.'; fi
  sleep 5
done
app=applications/$(hex "$app")
sp=servicePrincipals/$(hex "$sp")

# 2. SAML, and a certificate to sign with
body '{"preferredSingleSignOnMode":"saml"}'
send patch "$sp" id
if [ -z "$(get "$sp" preferredTokenSigningKeyThumbprint)" ]; then
  body '{"displayName":"CN=Microsoft Azure Federated SSO Certificate"}'
  thumbprint=$(hex "$(send post "$sp/addTokenSigningCertificate" thumbprint)")
  body "{\\"preferredTokenSigningKeyThumbprint\\":\\"$thumbprint\\"}"
  send patch "$sp" id
  echo "Signs with $thumbprint"
fi

# 3. What Portico needs
echo
echo 'Paste into Portico, step "Bring the metadata":'
echo "  $login/$tenant/federationmetadata/2007-06/federationmetadata.xml?appid=$app_id"
echo "Application (client) ID: $app_id"
echo "Directory (tenant) ID:   $tenant"
echo`

const askConnection = `echo "Do it now, at $setup"
read -r -p 'Connection id that Portico shows then (con_...): ' connection
[[ $connection =~ ^con_[0-9a-hjkmnp-tv-z]{26}$ ]] || fail 'That is no connection id.'
entityId=$public/saml/$connection/metadata
acsUrl=$public/saml/$connection/acs
loginUrl=$public/saml/$connection/login
logoutUrl=$public/saml/$connection/slo`

const addresses = `
# 4. The addresses
echo 'Replaces, if any:'
get "$app" '[identifierUris, web.redirectUris][]'
body "{\\"identifierUris\\":[\\"$entityId\\"],\\"web\\":{\\"redirectUris\\":[\\"$acsUrl\\"],\\"logoutUrl\\":\\"$logoutUrl\\"}}"
send patch "$app" id
body "{\\"loginUrl\\":\\"$loginUrl\\"}"
send patch "$sp" id
echo "Identifier $entityId"
echo "Reply URL  $acsUrl"
`

const claimsStep = `
# Claims, unless the application has a policy already
if [ "$(get "$sp/claimsMappingPolicies" 'length(value)')" = 0 ]; then
  policy=$(hex "$(send post policies/claimsMappingPolicies id)")
  body "{\\"@odata.id\\":\\"$graph/policies/claimsMappingPolicies/$policy\\"}"
  send post "$sp/claimsMappingPolicies/\\$ref" id
  echo "Claims by policy $policy"
else
  echo 'A claims mapping policy is assigned already: left as it is.'
fi
`

const provisioning = `
# 5. Provisioning
job=$(get "$sp/synchronization/jobs" 'value[0].id')
if [ -z "$job" ]; then
  templates=$(get "$sp/synchronization/templates" 'value[].id')
  kind=
  for one in customappsso scim; do
    if grep -qx "$one" <<< "$templates"; then kind=$one; fi
  done
  if [ -z "$kind" ]; then fail 'The application offers no SCIM template.'; fi
  body "{\\"templateId\\":\\"$kind\\"}"
  job=$(send post "$sp/synchronization/jobs" id)
fi
case $job in *[!0-9A-Za-z._-]* | '') fail 'No provisioning job was made.' ;; esac
job=$sp/synchronization/jobs/$job
read -r -s -p 'SCIM token of Portico (not shown; empty: keep the stored one): ' token
echo
case $token in *[!0-9A-Za-z_-]*) fail 'That is no SCIM token.' ;; esac
if [ -n "$token" ]; then
  secrets="[{\\"key\\":\\"BaseAddress\\",\\"value\\":\\"$public/scim/v2\\"},{\\"key\\":\\"SecretToken\\",\\"value\\":\\"$token\\"}]"
  body "{\\"credentials\\":$secrets}"
  send post "$job/validateCredentials" id
  body "{\\"value\\":$secrets}"
  send put "$sp/synchronization/secrets" id
  unset token secrets
  body '{}'
  echo 'The token is good and stored in Entra.'
fi

# 6. objectId as externalId
if command -v jq > /dev/null; then
  az rest --only-show-errors --method get --url "$graph/$job/schema" --output json > "$work/schema.json"
  rows='.synchronizationRules[].objectMappings[] | select(.sourceObjectName == "User")
    | .attributeMappings[] | select(.targetAttributeName == "externalId")'
  if jq -e "[$rows | select(.source.name != \\"objectId\\")] != []" "$work/schema.json" > /dev/null; then
    jq "($rows | .source) |= {expression: \\"[objectId]\\", name: \\"objectId\\", type: \\"Attribute\\", parameters: []}" \\
      "$work/schema.json" > "$work/body.json"
    send put "$job/schema" id
    echo 'externalId is now the object id.'
  fi
else
  echo 'Without jq: set the source of externalId to objectId under Provisioning > Attribute mapping.'
fi
if [ -n "$start" ]; then
  body '{}'
  send post "$job/start" id
  echo 'Provisioning is started.'
else
  echo 'Provisioning is not started: try one person by Provision on demand first.'
fi
`
