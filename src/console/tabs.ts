import type { Principal, SetupPart } from '../http/index.ts'

export type Tab = {
  readonly key: string
  readonly label: string
  /** Under `/console/o/{org}`. */
  readonly path: string
  /** For which setup links it is there; `any` for all, left out for none. */
  readonly part?: SetupPart | 'any'
}

/** The pages of an organization, in the order in which somebody new needs them. */
export const tabs: readonly Tab[] = [
  { key: 'overview', label: 'Overview', path: '' },
  { key: 'setup', label: 'Set up', path: '/setup', part: 'any' },
  { key: 'test', label: 'Test sign-in', path: '/test', part: 'saml' },
  { key: 'rollout', label: 'Roll out', path: '/rollout' },
  { key: 'people', label: 'People', path: '/people' },
  { key: 'groups', label: 'Groups', path: '/groups' },
  { key: 'events', label: 'Events', path: '/events' },
  { key: 'attributes', label: 'Attributes', path: '/attributes', part: 'attributes' },
  { key: 'reconciliation', label: 'Reconciliation', path: '/reconciliation' },
  { key: 'decoder', label: 'Decoder', path: '/decoder', part: 'saml' },
  { key: 'settings', label: 'Settings', path: '/settings' },
]

/** The tabs that somebody has. */
export function tabsFor(principal: Principal): readonly Tab[] {
  return tabs.filter(({ part }) => mayOpen(principal, part))
}

/** Whether somebody may open a page of their organization, as far as that depends on a setup link's parts. */
export function mayOpen(principal: Principal, part: SetupPart | 'any' | undefined): boolean {
  if (principal.kind !== 'setup-link') return true
  return part === 'any' || (part !== undefined && principal.parts.includes(part))
}
