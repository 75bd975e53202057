import { type EventType, eventTypes } from './event.ts'

/** Kinds of events as somebody looks for them; every type is of one. */
export const eventFamilies = [
  'sign_in',
  'scim',
  'reconcile',
  'people',
  'groups',
  'connection',
  'attributes',
  'organization',
  'console',
] as const

export type EventFamily = (typeof eventFamilies)[number]

/** By what stands before the first dot of a type. */
const families: Readonly<Record<string, EventFamily>> = {
  sign_in: 'sign_in',
  logout: 'sign_in',
  session: 'sign_in',
  recovery: 'sign_in',
  test_sign_in: 'sign_in',
  provisioning: 'scim',
  scim_token: 'scim',
  scim_client: 'scim',
  oauth: 'scim',
  reconcile: 'reconcile',
  drift: 'reconcile',
  graph: 'reconcile',
  user: 'people',
  recovery_link: 'people',
  group: 'groups',
  connection: 'connection',
  metadata: 'connection',
  certificate: 'connection',
  attribute: 'attributes',
  mapping: 'attributes',
  organization: 'organization',
  domain: 'organization',
  console: 'console',
  setup_link: 'console',
  setup: 'console',
}

/** Which family a type is of; null for one that there is no more. */
export function familyOf(type: string): EventFamily | null {
  return families[type.split('.')[0] ?? ''] ?? null
}

/** The types of a family. */
export function typesOf(family: EventFamily): readonly EventType[] {
  return eventTypes.filter((type) => familyOf(type) === family)
}
