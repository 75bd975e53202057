import { type Copied, type Step, step } from './guide.ts'

/** Steps that are done in Portico, the same with every provider. */
export const testStep: Step = step(
  'saml.test',
  'Test with one person',
  'Portico > Test sign-in',
  [
    'Make a link for one tester and open it in a private window. It ends in a report, not in a session: every check with what it found, and who the person would be.',
    'If it fails, the report names the check and the step to look at again.',
  ],
  { offers: ['test'] },
)

export const rolloutStep: Step = step(
  'saml.rollout',
  'Roll out',
  'Portico > Roll out',
  [
    'Set the connection to testing for a few named people, then to active for everybody. The page counts whom it concerns before you decide, and can be undone.',
  ],
  { offers: ['rollout'] },
)

export const tokenStep: Step = step(
  'scim.token',
  'Make a token',
  'Portico > Set up',
  [
    'The provider proves with it that it may write people of this organization. It is shown once: have the page of the next step open, so that you can paste it there at once.',
  ],
  { offers: ['token'] },
)

export const defineStep: Step = step(
  'attributes.define',
  'Define attributes of your own',
  'Portico > Attributes',
  [
    'The usual attributes (names, email, title, department, manager, phones …) need nothing. Define what your app wants beyond them: key, label and type.',
    'If there is nothing, mark the step.',
  ],
  { offers: ['define'], mark: true, optional: true },
)

/** What comes back from every provider. */
export function metadataBack(what: string) {
  return { what, into: 'the form below' }
}

/** The names under which attributes of the organization's own are sent. */
export function attributeNames(field: string): readonly Copied[] {
  return [{ field, value: 'attributeNames' }]
}
