import type { StepKey } from './guide.ts'
import { type Check, done, marked, msOf, problem, todo, waiting } from './verdict.ts'

/** What each step of provisioning, attributes and Graph is judged by. */
export const provisioningChecks = {
  'scim.none': ({ provisioning }) =>
    provisioning.firstLogin
      ? done('First sign-ins make people.')
      : problem('Neither provisioning nor first sign-ins make people: switch first sign-ins on.'),

  'scim.token': ({ scim, provisioning }) => {
    const { active, expired, disabled } = scim.credentials
    if (!provisioning.scim)
      return problem('SCIM is switched off for this organization: switch it on at Roll out.')
    if (active > 0) return done(active === 1 ? 'One token is good.' : `${active} tokens are good.`)
    return expired + disabled > 0
      ? problem(
          expired > 0
            ? 'The token has expired: make a new one and enter it.'
            : 'The token is disabled.',
        )
      : todo('No token yet.')
  },

  'scim.connect': ({ scim }) => {
    if (scim.lastUsedAt !== null)
      return done('A call with the token was accepted.', scim.lastUsedAt)
    return scim.credentials.active > 0
      ? waiting(
          'No call with the token yet. A wrong token is not told apart from a stranger’s, so it shows nothing here.',
        )
      : todo('It needs a token first.')
  },

  'scim.scope': (facts) =>
    facts.scim.people.seen > 0
      ? done('People who are assigned arrive.', facts.scim.people.lastAt)
      : (marked('scim.scope', facts) ?? todo('Nobody has arrived yet.')),

  'scim.object-id': (facts) => {
    const { seen, externalIds, lastAt } = facts.scim.people
    const { guid, other, none } = externalIds
    if (other > 0) {
      return problem(
        `The externalId of ${seen === 1 ? 'the one person' : `${other} of ${seen} people`} is no object id and looks like mailNickname: change the source of externalId to objectId, then Restart provisioning.`,
        lastAt,
      )
    }
    if (guid > 0) return done('The externalId is the object id.', lastAt)
    if (none > 0)
      return problem(
        'People came without externalId: map objectId to externalId, then Restart provisioning.',
        lastAt,
      )
    const said = 'Marked as done by hand; the first person will show it.'
    return (
      marked('scim.object-id', facts, said) ??
      todo('The first person will show it. Do it before: afterwards it takes a restart.')
    )
  },

  'scim.first-person': ({ scim }) => {
    if (scim.people.seen > 0)
      return done('Provisioning has made or taken over people.', scim.people.lastAt)
    if (scim.refused !== null)
      return problem('The last request was refused.', scim.refused.at, scim.refused.code)
    return scim.lastUsedAt === null
      ? todo('It needs a good connection first.')
      : waiting('Nobody has arrived yet.')
  },

  'scim.start': (facts) =>
    facts.scim.people.seen > 1
      ? done('More than one person has arrived.', facts.scim.people.lastAt)
      : (marked('scim.start', facts) ??
        (facts.scim.people.seen === 1
          ? waiting('One person has arrived. A cycle takes up to 40 minutes.')
          : todo('Nobody has arrived yet.'))),

  'attributes.define': (facts) => {
    const { defined, unknown } = facts.attributes
    if (unknown.length > 0)
      return problem(`Provisioning sends what nobody defined: ${unknown.join(', ')}.`)
    if (defined.length > 0) return done(`Defined: ${defined.map(({ label }) => label).join(', ')}.`)
    return (
      marked('attributes.define', facts, 'Nothing beside the built-in attributes is wanted.') ??
      todo('No attribute of your own yet.')
    )
  },

  'attributes.send': (facts) => {
    const { defined } = facts.attributes
    const missing = defined.filter(({ seen }) => !seen).map(({ label }) => label)
    if (defined.length > 0 && missing.length === 0)
      return done('Each of them has arrived.', facts.scim.people.lastAt)
    if (marked('attributes.define', facts) !== null && defined.length === 0)
      return done('There is nothing to send.')
    const byHand = marked('attributes.send', facts)
    if (byHand !== null) return byHand
    if (defined.length === 0) return todo('There is no attribute to send yet.')
    return facts.scim.people.seen > 0
      ? waiting(`Not seen yet: ${missing.join(', ')}.`)
      : todo('It needs provisioning first.')
  },

  'attributes.graph-app': (facts) =>
    facts.graph !== null
      ? done('The registration is known.')
      : (marked('attributes.graph-app', facts) ?? todo('Not known yet.')),

  'attributes.graph-credential': (facts, nowMs) => {
    const { graph } = facts
    if (graph === null)
      return (
        marked('attributes.graph-credential', facts, 'Not wanted.') ??
        todo('Graph has no credential.')
      )
    const endsMs = msOf(graph.expiresAt)
    return endsMs !== null && endsMs <= nowMs
      ? problem('The credential has expired: enter a new one.', graph.expiresAt)
      : done(graph.kind === 'secret' ? 'A client secret is stored.' : 'A certificate is in use.')
  },

  'attributes.graph-check': (facts) => {
    const { graph } = facts
    const byHand = marked('attributes.graph-check', facts, 'Not wanted.')
    if (graph === null) return byHand ?? todo('Graph has no credential to check.')
    if (graph.checkedAt === null) return todo('Not checked yet.')
    return graph.isGood
      ? done('Every permission is there.', graph.checkedAt)
      : problem(graph.problem ?? 'The check failed.', graph.checkedAt)
  },
} satisfies Partial<Record<StepKey, Check>>
