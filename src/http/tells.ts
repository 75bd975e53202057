import type { Tell } from '../kernel/index.ts'

/** What a person at a browser reads: one title and one plain sentence, the same for every cause of a kind. */
export const tells: Readonly<Record<Tell, { readonly title: string; readonly sentence: string }>> =
  {
    'sign-in-failed': {
      title: 'Sign-in did not work',
      sentence:
        'We could not accept the answer from your organization’s sign-in service. Please try again; if it happens twice, give your IT admin the reference below.',
    },
    'provider-refused': {
      title: 'Sign-in was refused',
      sentence: 'Your organization’s sign-in service did not sign you in.',
    },
    'start-again': {
      title: 'Please start again',
      sentence:
        'This sign-in was not started in this browser, took too long, or was answered already. Starting again usually solves it.',
    },
    'not-permitted': {
      title: 'You do not have access yet',
      sentence:
        'Your sign-in worked, but you do not have access to this application. Your IT admin can give it to you; tell them the reference below.',
    },
    'being-tested': {
      title: 'Single sign-on is being tested',
      sentence:
        'Your IT admin is still testing single sign-on with a few people. Please sign in the way you did before, and try again later.',
    },
    'not-ready': {
      title: 'Single sign-on is not available',
      sentence:
        'Single sign-on is not set up here, or is switched off at the moment. Your IT admin can tell you how to sign in.',
    },
    conflict: {
      title: 'Your account needs attention',
      sentence:
        'Your sign-in worked, but your name already belongs to another account here. Your IT admin can resolve this; tell them the reference below.',
    },
    'not-found': {
      title: 'There is nothing here',
      sentence: 'The address is wrong or no longer in use. Please check the link you followed.',
    },
    'bad-request': {
      title: 'That did not work',
      sentence: 'The request was not understood. Please go back and try again.',
    },
    unauthorized: {
      title: 'You are not signed in',
      sentence: 'Your session has ended. Please sign in again.',
    },
    'too-many': {
      title: 'Too many attempts',
      sentence:
        'There were too many attempts from your network. Please wait a few seconds and try again.',
    },
    unavailable: {
      title: 'Please try again in a moment',
      sentence:
        'A service we depend on did not answer. Nothing was changed, and signing in again is safe.',
    },
    internal: {
      title: 'Something went wrong on our side',
      sentence:
        'This is our mistake, and it has been recorded. Please try again; if it stays, tell us the reference below.',
    },
  }
