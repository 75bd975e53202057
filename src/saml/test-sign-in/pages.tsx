import { FragmentForm, Layout, type Lookup } from '../../http/index.ts'

/** Where a test's link leads: the secret is in the fragment, which no log and no mail scanner sees. */
export function StartTestPage({
  nonce,
  action,
}: {
  readonly nonce: string
  readonly action: string
}) {
  return (
    <Layout title="Test single sign-on" nonce={nonce}>
      <h1>Test single sign-on</h1>
      <FragmentForm nonce={nonce} action={action} button="Start the test">
        <p>
          Your IT admin asks you to try single sign-on once. You sign in at your organization’s
          sign-in service; they see whether it works and what was sent about you. You are not signed
          in here afterwards.
        </p>
      </FragmentForm>
    </Layout>
  )
}

export type TestEndShown = {
  readonly nonce: string
  readonly title: string
  readonly sentence: string
  /** In our own words only: the response may be anybody's. */
  readonly hints: readonly string[]
  readonly facts: readonly Lookup[]
}

/** How a test ended, for whoever took it. */
export function TestEndPage({ nonce, title, sentence, hints, facts }: TestEndShown) {
  return (
    <Layout title={title} nonce={nonce}>
      <h1>{title}</h1>
      <p>{sentence}</p>
      {hints.map((hint) => (
        <p>{hint}</p>
      ))}
      <dl class="reference">
        {facts.map(({ label, value, href }) => (
          <>
            <dt>{label}</dt>
            <dd>
              {href === undefined ? (
                value
              ) : (
                <a href={href} rel="noreferrer">
                  {value}
                </a>
              )}
            </dd>
          </>
        ))}
      </dl>
    </Layout>
  )
}
