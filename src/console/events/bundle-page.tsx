import { Button, Card, Check } from '../ui/index.ts'

/** What a support bundle holds, before it is downloaded. Holds no logic. */
export function BundlePage({ action }: { readonly action: string }) {
  return (
    <Card title="One file for whoever helps">
      <p>
        Version, settings, connections, mapping, credentials without their secrets, health, and the
        last 200 events. No token, key or secret is in it.
      </p>
      <form method="get" action={action} class="form">
        <Check
          label="With personal values"
          name="personal"
          hint="Names and addresses in the evidence of events. Leave it out, unless whoever helps asks for it."
        />
        <Button>Download</Button>
      </form>
    </Card>
  )
}
