import type { StatusConsequencesAnswer, SwitchConsequencesAnswer } from '../../admin/index.ts'
import type { OrganizationAnswer } from '../route.ts'

export type Status = StatusConsequencesAnswer['to']

/** The way from nobody to everybody, in its order; from each, a connection can be disabled. */
export const steps: readonly Status[] = ['draft', 'testing', 'active']

/** What each status means for whom. */
export const statusWords: Readonly<
  Record<Status, { readonly label: string; readonly means: string; readonly verb: string }>
> = {
  draft: {
    label: 'Draft',
    means: 'Nobody can sign in. Set up both sides in peace.',
    verb: 'Back to draft',
  },
  testing: {
    label: 'Testing',
    means: 'Only testers can sign in, whom you name by object id, user principal name or NameID.',
    verb: 'Open for testers',
  },
  active: {
    label: 'Active',
    means: 'Everybody whom the identity provider lets through can sign in.',
    verb: 'Open for everybody',
  },
  disabled: {
    label: 'Disabled',
    means: 'Nobody can sign in. Settings, people and their data stay.',
    verb: 'Disable',
  },
}

/** What is said before something is confirmed. */
export const warningWords: Readonly<Record<StatusConsequencesAnswer['warnings'][number], string>> =
  {
    no_valid_certificate:
      'No trusted certificate is valid today, so every sign-in would be refused. Read the metadata again first.',
    not_tested:
      'Nobody has signed in by this connection yet, not even for a test. Test with one person first.',
    no_testers: 'There are no testers yet, so nobody could sign in. Add them under Test sign-in.',
    no_other_way_in:
      'Single sign-on is required, and no other connection is active: nobody else could sign in to the app.',
    nobody_new:
      'Nobody new could come in: first sign-ins would create nobody, and SCIM has no credential or is off.',
    no_active_connection: 'No connection is active, so nobody could sign in to the app at all.',
  }

type Counts = Pick<StatusConsequencesAnswer, 'people'>

/** How many people, in words; of many only the first are counted. */
export function peopleWords(count: number, { people }: Counts): string {
  const more = people.isMore ? ' at least' : ''
  return count === 1 && !people.isMore ? '1 person' : `${count.toLocaleString('en')} people${more}`
}

/** What another status would do, sentence by sentence, with the numbers of now. */
export function statusSentences(answer: StatusConsequencesAnswer): readonly string[] {
  const { from, to, signedIn, signedOut, maySignIn, testers, people } = answer
  const now = `${peopleWords(signedIn.people, { people: { ...people, isMore: false } })} signed in by this connection now`
  return [
    signedOut > 0
      ? `${capital(now)} would be signed out at once.`
      : signedIn.people > 0
        ? `${capital(now)} would stay signed in until their sessions end.`
        : 'Nobody is signed in by this connection now.',
    ...(to === 'active'
      ? [
          `${peopleWords(maySignIn ?? 0, answer)} known here could sign in; ${people.neverSignedIn.toLocaleString('en')} of them never did.`,
        ]
      : []),
    ...(to === 'testing'
      ? [`New sign-ins only for ${testers === 1 ? '1 tester' : `${testers} testers`}.`]
      : []),
    ...(to === 'draft' || to === 'disabled' ? ['No new sign-in by this connection.'] : []),
    ...(to === 'disabled' || from === 'active'
      ? ['Nobody is deleted, and SCIM goes on as before.']
      : []),
  ]
}

export type Setting = SwitchConsequencesAnswer['changes'][number]['setting']

type Value = {
  readonly value: string
  readonly word: string
  /** What a button says that sets it. */
  readonly verb: string
  readonly means: string
}

/** What decides over who comes in, in the addresses of its pages and in words. */
export const settingWords: Readonly<
  Record<Setting, { readonly label: string; readonly values: readonly Value[] }>
> = {
  firstLogin: {
    label: 'First sign-in creates people',
    values: [
      on('Whoever the identity provider lets through gets an account at the first sign-in.'),
      off(
        'Only people who are known here already can sign in, and whom SCIM or reconciliation adds.',
      ),
    ],
  },
  scim: {
    label: 'Provisioning by SCIM',
    values: [
      on('Entra creates, changes and deactivates people and groups with a token.'),
      off('Every SCIM request is refused; people stay as they are.'),
    ],
  },
  signIn: {
    label: 'Single sign-on',
    values: [
      {
        value: 'required',
        word: 'Required',
        verb: 'Require it',
        means: 'The app sends everybody with a domain of the organization here.',
      },
      {
        value: 'optional',
        word: 'Optional',
        verb: 'Make it optional',
        means: 'The app may offer other ways to sign in beside this one.',
      },
    ],
  },
}

function on(means: string): Value {
  return { value: 'true', word: 'On', verb: 'Switch on', means }
}

function off(means: string): Value {
  return { value: 'false', word: 'Off', verb: 'Switch off', means }
}

/** The value that a setting has now. */
export function settingValue(
  org: Pick<OrganizationAnswer, 'signIn' | 'provisioning'>,
  setting: Setting,
): string {
  const { signIn, provisioning } = org
  return setting === 'signIn' ? signIn : String(provisioning[setting])
}

/** What a change sends to the Admin API. */
export function bodyOf(setting: Setting, value: string) {
  return setting === 'signIn'
    ? { signIn: value }
    : { provisioning: { [setting]: value === 'true' } }
}

type Change = SwitchConsequencesAnswer['changes'][number]

/** What another value would do, with the numbers of now. */
export function changeSentence({ setting, to, people }: Change, answer: Counts): string {
  const many = peopleWords(people, answer)
  const sentences: Readonly<Record<string, string>> = {
    'firstLogin false': `Known only by a first sign-in: ${many}. They keep their access, but nothing says when they leave: SCIM does not know them.`,
    'firstLogin true': 'Whoever signs in for the first time and is unknown gets an account.',
    'scim false': `Provisioned by SCIM: ${many}. They stay as they are: nobody who leaves would be deactivated.`,
    'scim true': `Known only by a first sign-in: ${many}. SCIM finds them by their user name and takes them over.`,
    'signIn required': `Active, and never signed in here: ${many}. The app sends them here from now on.`,
    'signIn optional': 'Nobody is signed out. Other ways into the app are allowed again.',
  }
  return sentences[`${setting} ${to}`] ?? ''
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`
}
