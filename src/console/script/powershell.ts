import { headerLines } from './header.ts'
import { claimsPolicy, type ScriptInput, scriptUrls } from './input.ts'
import { powershellLiteral as literal, odataLiteral } from './quote.ts'

/**
 * The Entra side in one go as PowerShell for the module Microsoft.Graph.Authentication; printable ASCII only. Calls as in
 * learn.microsoft.com/graph/application-saml-sso-configure-api and …/application-provisioning-configure-api.
 */
export function powershellScript(input: ScriptInput): string {
  const { cloud, connectionId, tenantId, claims, withScim } = input
  const scopes = [
    'Application.ReadWrite.All',
    ...(withScim ? ['Synchronization.ReadWrite.All'] : []),
    ...(claims.length > 0 ? ['Policy.Read.All', 'Policy.ReadWrite.ApplicationConfiguration'] : []),
  ]
  const header = headerLines(input, {
    needs: [
      'PowerShell 7 or Windows PowerShell 5.1, with Microsoft.Graph.Authentication:',
      '    Install-Module Microsoft.Graph.Authentication -Scope CurrentUser',
      `the delegated permissions ${scopes.join(', ')} (asked for at sign-in)`,
    ],
    start: '-Start',
  })
  return [
    '<#',
    ...header,
    '#>',
    'param(',
    ...(withScim ? ['  [switch]$Start, # start provisioning at the end'] : []),
    '  [Nullable[guid]]$AppId # use this application, which exists already',
    ')',
    setUp,
    `$name = ${literal(input.name)}`,
    `$graph = ${literal(`${cloud.graphUrl}/v1.0`)}`,
    `$scopes = ${scopes.map(literal).join(', ')}`,
    `$connect = @{ Scopes = $scopes; Environment = ${literal(cloud.environment)} }`,
    ...(tenantId === null ? [] : [`$connect.TenantId = ${literal(tenantId)}`]),
    signIn,
    `$filter = ${literal(filterOf(input))}`,
    `$template = ${literal(cloud.templateId)}`,
    application,
    `$login = ${literal(input.loginUrl)}`,
    metadata,
    `$public = ${literal(input.publicUrl)}`,
    ...(connectionId === null
      ? [`$setup = ${literal(input.setupUrl)}`, askConnection]
      : Object.entries(scriptUrls(input, connectionId)).map(
          ([key, url]) => `$${key} = ${literal(url)}`,
        )),
    addresses,
    ...(claims.length === 0
      ? []
      : [`$policyBody = ${literal(JSON.stringify(claimsPolicy(claims)))}`, claimsStep]),
    ...(withScim ? [provisioning] : []),
    "Write-Host 'Done. Go on in the set-up guide of Portico.'",
    '',
  ].join('\n')
}

/** How an application that exists already is found: by its Identifier, or by its name before it has one. */
export function filterOf(input: ScriptInput): string {
  return input.connectionId === null
    ? `displayName%20eq%20${odataLiteral(input.name)}`
    : `identifierUris/any(x:x%20eq%20${odataLiteral(scriptUrls(input, input.connectionId).entityId)})`
}

const setUp = `$ErrorActionPreference = 'Stop'

function Invoke-Graph([string]$Method, [string]$Path, $Body) {
  $call = @{ Method = $Method; Uri = "$graph/$Path" }
  if ($null -ne $Body) {
    if ($Body -isnot [string]) { $Body = ConvertTo-Json $Body -Depth 20 }
    $call.Body = $Body
    $call.ContentType = 'application/json'
  }
  Invoke-MgGraphRequest @call
}

if (-not (Get-Module -ListAvailable Microsoft.Graph.Authentication)) {
  throw 'Install-Module Microsoft.Graph.Authentication -Scope CurrentUser, then run this again.'
}
`

const signIn = `Connect-MgGraph @connect -NoWelcome
$tenant = (Get-MgContext).TenantId
Write-Host "Tenant $tenant"
`

const application = `
# 1. The application, if it is not there yet
if ($AppId) { $filter = "appId%20eq%20%27$AppId%27" }
$found = @((Invoke-Graph GET ('applications?$filter=' + $filter)).value)
if ($found.Count -gt 1) { throw 'Several applications have this name: name one by -AppId.' }
if ($found.Count -eq 1) {
  $app = $found[0]
  $sp = @((Invoke-Graph GET ('servicePrincipals?$filter=' + "appId%20eq%20%27$($app.appId)%27")).value)[0]
  if ($null -eq $sp) { throw 'The application has no enterprise application in this tenant.' }
  Write-Host "Found $($app.appId)"
} elseif ($AppId) {
  throw 'There is no application with this id.'
} else {
  $made = Invoke-Graph POST "applicationTemplates/$template/instantiate" @{ displayName = $name }
  $app = $made.application
  $sp = $made.servicePrincipal
  Write-Host "Made $($app.appId)"
}
$spPath = "servicePrincipals/$($sp.id)"
$appPath = "applications/$($app.id)"

# A new one takes a moment to be known everywhere
for ($try = 1; $true; $try++) {
  try {
    $sp = Invoke-Graph GET $spPath
    $app = Invoke-Graph GET $appPath
    break
  } catch {
    if ($try -ge 12) { throw }
    Start-Sleep -Seconds 5
  }
}

# 2. SAML, and a certificate to sign with
if ($sp.preferredSingleSignOnMode -ne 'saml') {
  Invoke-Graph PATCH $spPath @{ preferredSingleSignOnMode = 'saml' } | Out-Null
}
if (-not $sp.preferredTokenSigningKeyThumbprint) {
  $certificate = Invoke-Graph POST "$spPath/addTokenSigningCertificate" @{
    displayName = 'CN=Microsoft Azure Federated SSO Certificate'
  }
  Invoke-Graph PATCH $spPath @{ preferredTokenSigningKeyThumbprint = $certificate.thumbprint } | Out-Null
  Write-Host "Signs with $($certificate.thumbprint)"
}
`

const metadata = `
# 3. What Portico needs
Write-Host ''
Write-Host 'Paste into Portico, step "Bring the metadata":'
Write-Host "  $login/$tenant/federationmetadata/2007-06/federationmetadata.xml?appid=$($app.appId)"
Write-Host "Application (client) ID: $($app.appId)"
Write-Host "Directory (tenant) ID:   $tenant"
Write-Host ''
`

const askConnection = `Write-Host "Do it now, at $setup"
$connection = (Read-Host 'Connection id that Portico shows then (con_...)').Trim()
if ($connection -cnotmatch '^con_[0-9a-hjkmnp-tv-z]{26}$') { throw 'That is no connection id.' }
$entityId = "$public/saml/$connection/metadata"
$acsUrl = "$public/saml/$connection/acs"
$loginUrl = "$public/saml/$connection/login"
$logoutUrl = "$public/saml/$connection/slo"`

const addresses = `
# 4. The addresses
$others = @(@($app.identifierUris) + @($app.web.redirectUris) | Where-Object { $_ -and $_ -notin $entityId, $acsUrl })
if ($others) { Write-Host "Replaces: $($others -join ', ')" }
Invoke-Graph PATCH $appPath @{
  identifierUris = @($entityId)
  web = @{ redirectUris = @($acsUrl); logoutUrl = $logoutUrl }
} | Out-Null
Invoke-Graph PATCH $spPath @{ loginUrl = $loginUrl } | Out-Null
Write-Host "Identifier $entityId"
Write-Host "Reply URL  $acsUrl"
`

const claimsStep = `
# Claims, unless the application has a policy already
if (@((Invoke-Graph GET "$spPath/claimsMappingPolicies").value).Count -eq 0) {
  $policy = Invoke-Graph POST 'policies/claimsMappingPolicies' $policyBody
  $reference = @{ '@odata.id' = "$graph/policies/claimsMappingPolicies/$($policy.id)" }
  Invoke-Graph POST ($spPath + '/claimsMappingPolicies/$ref') $reference | Out-Null
  Write-Host "Claims by policy $($policy.id)"
} else {
  Write-Host 'A claims mapping policy is assigned already: left as it is.'
}
`

const provisioning = `
# 5. Provisioning
$jobs = @((Invoke-Graph GET "$spPath/synchronization/jobs").value)
if ($jobs.Count -eq 0) {
  $templates = @((Invoke-Graph GET "$spPath/synchronization/templates").value).id
  $kind = @('scim', 'customappsso' | Where-Object { $_ -in $templates })[0]
  if (-not $kind) { throw 'The application offers no SCIM template.' }
  $jobs = @(Invoke-Graph POST "$spPath/synchronization/jobs" @{ templateId = $kind })
}
$jobPath = "$spPath/synchronization/jobs/$($jobs[0].id)"
$secure = Read-Host 'SCIM token of Portico (not shown; empty: keep the stored one)' -AsSecureString
$token = [System.Net.NetworkCredential]::new('', $secure).Password.Trim()
if ($token) {
  $secrets = @(
    @{ key = 'BaseAddress'; value = "$public/scim/v2" }
    @{ key = 'SecretToken'; value = $token }
  )
  try {
    Invoke-Graph POST "$jobPath/validateCredentials" @{ credentials = $secrets } | Out-Null
    Invoke-Graph PUT "$spPath/synchronization/secrets" @{ value = $secrets } | Out-Null
  } finally {
    Remove-Variable token, secrets
  }
  Write-Host 'The token is good and stored in Entra.'
}

# 6. objectId as externalId
$schema = Invoke-MgGraphRequest -Method GET -Uri "$graph/$jobPath/schema" -OutputType Json | ConvertFrom-Json
$changed = $false
foreach ($rule in $schema.synchronizationRules) {
  foreach ($mapping in $rule.objectMappings) {
    if ($mapping.sourceObjectName -ne 'User') { continue }
    foreach ($row in $mapping.attributeMappings) {
      if ($row.targetAttributeName -ne 'externalId' -or $row.source.name -eq 'objectId') { continue }
      $row.source = [pscustomobject]@{ expression = '[objectId]'; name = 'objectId'; type = 'Attribute'; parameters = @() }
      $changed = $true
    }
  }
}
if ($changed) {
  Invoke-Graph PUT "$jobPath/schema" (ConvertTo-Json $schema -Depth 100) | Out-Null
  Write-Host 'externalId is now the object id.'
}
if ($Start) {
  Invoke-Graph POST "$jobPath/start" | Out-Null
  Write-Host 'Provisioning is started.'
} else {
  Write-Host 'Provisioning is not started: try one person by Provision on demand first.'
}
`
