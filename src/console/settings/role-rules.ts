import type { FormFields, OrganizationAnswer } from '../route.ts'

export type RoleRule = OrganizationAnswer['roleRules'][number]

/** The role that opens this console to people of the organization. */
export const adminRole = 'admin'

/** Most rows that a form is read for; the operation has its own limit. */
const mostRows = 200

/** Reads the rows of the form; those without a value and a role are rows that nobody filled in. */
export function readRules(form: FormFields): readonly Partial<RoleRule>[] {
  const rules: Partial<RoleRule>[] = []
  for (let i = 0; i < mostRows && form.has(`value.${i}`); i += 1) {
    const value = form.text(`value.${i}`).trim()
    const role = form.text(`role.${i}`).trim()
    if (value === '' && role === '') continue
    const from = form.text(`kind.${i}`) === 'appRole' ? { appRole: value } : { group: value }
    rules.push({ ...from, role })
  }
  return rules
}

/** The rules that make somebody an admin, in words. */
export function adminSentences(rules: readonly RoleRule[]): readonly string[] {
  return rules
    .filter(({ role }) => role === adminRole)
    .map(({ group, appRole }) =>
      appRole === undefined
        ? `Whoever is in the group ${group}.`
        : `Whoever has the app role ${appRole} in Entra.`,
    )
}
