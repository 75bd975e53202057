import { isRecord, parseJson } from './json.ts'

/**
 * What Entra's codes mean here and what to do, in our own words: its own text names tenants and trace ids.
 * Source: learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const explanations: Readonly<Record<string, string>> = {
  '7000215':
    'The client secret is wrong. Copy the Value of the secret, not its Secret ID, from Certificates & secrets of the app registration.',
  '7000222':
    'The client secret has expired. Make a new one under Certificates & secrets of the app registration and store it here.',
  '700016':
    'The tenant does not know this client id. Compare it with Application (client) ID of the app registration, and the tenant id with Directory (tenant) ID.',
  '90002':
    'There is no tenant with this id. Compare it with Directory (tenant) ID; in a national cloud, set ENTRA_LOGIN_URL to that cloud.',
  '900023':
    'The tenant id is not one. Copy Directory (tenant) ID from the overview of the app registration.',
  '500011':
    'The tenant does not know Microsoft Graph under GRAPH_URL. Set GRAPH_URL and ENTRA_LOGIN_URL to the same cloud.',
  '700027':
    'Entra does not know the certificate, or it has expired. Upload the certificate that Portico shows under Certificates & secrets > Certificates of the app registration.',
  '700024':
    'Entra says that the assertion is not valid now. The clocks differ, or the certificate has been replaced a moment ago: try again in a few minutes.',
  '700023': 'Entra expects another address for its token endpoint. Check ENTRA_LOGIN_URL.',
  '700021':
    'Entra does not accept the assertion for this client id. Compare it with Application (client) ID.',
  '50027': 'Entra cannot read the assertion. Store the certificate again, or let Portico make one.',
  '7000112':
    'The application is disabled in the tenant. Enable it under Enterprise applications > your app > Properties.',
  '7000229':
    'The application is not in the tenant yet. Open the admin consent page of the app once, or create the enterprise application.',
  '7000218': 'Entra wants a secret or a certificate and got neither. Store the credential again.',
  '53003':
    'A Conditional Access policy for workload identities blocks the application. Exclude it, or allow where Portico runs.',
  '65001':
    'Nobody has consented. Press Grant admin consent under API permissions of the app registration.',
}

const other =
  'Entra refuses the credential. Look up the code at https://login.microsoftonline.com/error and compare tenant id, client id and secret or certificate.'

export type TokenRefusal = { readonly aadsts: string | null; readonly explanation: string }

/**
 * Why the token endpoint said no. Only the digits of Entra's answer are taken; the words are ours.
 * @param body the answer as text, of any form
 */
export function explainTokenError(body: string): TokenRefusal {
  const answer = parseJson(body)
  const listed = isRecord(answer) ? answer['error_codes'] : null
  const description = isRecord(answer) ? answer['error_description'] : null
  const codes = [
    ...(typeof description === 'string' ? [/AADSTS(\d{4,8})/.exec(description)?.[1]] : []),
    ...(Array.isArray(listed) ? listed.map(String) : []),
  ].filter((code) => code !== undefined && /^\d{4,8}$/.test(code))
  const known = codes.find((code) => code !== undefined && Object.hasOwn(explanations, code))
  const aadsts = known ?? codes[0] ?? null
  return { aadsts, explanation: explanations[known ?? ''] ?? other }
}
