import {
  type AskedScript,
  checkScriptInput,
  type ScriptInput,
} from '../../src/console/script/input.ts'

export const asked: AskedScript = {
  name: 'Contoso app',
  publicUrl: 'https://sso.example.com',
  setupUrl: 'https://sso.example.com/console/o/contoso/setup',
  connectionId: 'con_00000000000000000000000001',
  tenantId: 'a1a1a1a1-0000-4000-8000-00000000000a',
  graphUrl: 'https://graph.microsoft.com',
  loginUrl: 'https://login.microsoftonline.com',
  withScim: true,
  claims: [],
}

/** What a script is made of, which must be in order. */
export function inputOf(changes: Partial<AskedScript> = {}): ScriptInput {
  const checked = checkScriptInput({ ...asked, ...changes })
  if (!checked.ok) throw new Error(JSON.stringify(checked.failure))
  return checked.value
}
