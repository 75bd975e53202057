import type { ErrorEntry } from '../kernel/index.ts'

/** Failures of the console's own doors. */
export type ConsoleFailure =
  | { readonly code: 'console.key_wrong' }
  | { readonly code: 'console.link_unusable' }
  | { readonly code: 'console.not_admitted' }
  | { readonly code: 'console.form_stale' }
  | { readonly code: 'console.form_too_large' }
  | { readonly code: 'console.sent_twice' }

const told = { tell: 'bad-request', log: 'info' } as const

export const consoleErrors = {
  'console.key_wrong': {
    ...told,
    status: 401,
    log: 'warn',
    means: 'This is not the admin key.',
    fix: 'Paste the value of ADMIN_KEY. Locally it stands in .dev.vars, and npm start prints it.',
  },
  'console.link_unusable': {
    ...told,
    status: 403,
    means: 'This setup link is expired, revoked or incomplete.',
    fix: 'Open the whole link once more, or ask whoever sent it for a new one.',
  },
  'console.not_admitted': {
    ...told,
    status: 403,
    means: 'You are signed in, but not as somebody who may use the console.',
    fix: 'An admin of your organization has the role admin by a role rule; an operator can set one, or send a setup link.',
  },
  'console.form_stale': {
    ...told,
    status: 403,
    means: 'The form was not sent from a page of this console session; nothing was changed.',
    fix: 'Open the page again and send the form from there.',
  },
  'console.sent_twice': {
    ...told,
    status: 409,
    means:
      'This form was sent twice. What it made is there once, and its secret was shown the first time.',
    fix: 'Go back to the list. If the secret is lost, revoke what was made and make another.',
  },
  'console.form_too_large': {
    ...told,
    status: 413,
    means: 'The form is larger than the console reads; nothing was changed.',
    fix: 'Send metadata of one application only, which is below 1 MB.',
  },
} as const satisfies Record<ConsoleFailure['code'], ErrorEntry>
