import type { Stack } from './stack.ts'

/** Who came by SCIM, or why nobody did. */
function provisioning({ provisioned }: Stack): string {
  if (!provisioned.ok) return `is off: ${provisioned.problem.replaceAll(/\s+/g, ' ').slice(0, 300)}`
  const { people, groups, failed, pageUrl } = provisioned
  const are = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`
  const but = failed === 0 ? '' : ` (${are(failed, 'failure', 'failures')}, see the log there)`
  return `${are(people, 'person', 'people')} and ${are(groups, 'group', 'groups')} are here by SCIM, without signing in${but}: ${pageUrl}`
}

/** How Graph can be tried, or why it cannot. */
function reading({ graph }: Stack): string {
  return graph.ok
    ? `can be read: who is there, and what was cleared. Make it fail: ${graph.pageUrl}`
    : `cannot be read: ${graph.problem.replaceAll(/\s+/g, ' ').slice(0, 300)}`
}

/** What a person needs to know once everything runs. */
export function welcome(stack: Stack, seconds: number): string {
  const { demo } = stack
  const width = Math.max(...demo.users.map((user) => user.userName.length))
  const users = demo.users.map((user) => `    ${user.userName.padEnd(width)}  ${user.about}`)
  return [
    '',
    `  Portico is running (${seconds.toFixed(1)} s).`,
    '',
    `  Sign in      ${stack.publicUrl}`,
    `  Console      ${stack.publicUrl}/console   (sign in with the admin key below)`,
    `  Admin API    ${stack.publicUrl}/api/v1   (OpenAPI: /api/v1/openapi.json)`,
    `  Admin key    ${stack.adminKey}${stack.keysCreated ? `   (new, in ${stack.keysPath})` : ''}`,
    `  Simulator    ${stack.simulatorUrl}   (a stand-in Entra tenant)`,
    '',
    `  Organization ${demo.organization.name} (${demo.organization.slug}) is connected to the simulator. Its people:`,
    ...users,
    '',
    `  Provisioning ${provisioning(stack)}`,
    `  Graph        ${reading(stack)}`,
    '',
    '  Try it: open the sign-in page, type one of these addresses, choose the person in the simulator.',
    '  You come back signed in, and see where each value of the profile came from.',
    `  Logs are in ${stack.dataDir}. Stop with Ctrl+C; data stays for the next start.`,
    '',
  ].join('\n')
}
