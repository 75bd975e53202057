import { azScript } from '../script/az.ts'
import {
  type ExtraClaim,
  extraClaims,
  type InputError,
  isExtraClaim,
  type ScriptInput,
} from '../script/input.ts'
import { powershellScript } from '../script/powershell.ts'
import { Button, Card, Check, Code, Field, Notice, Select } from '../ui/index.ts'

export const kinds = {
  powershell: {
    name: 'Microsoft Graph PowerShell',
    file: 'portico-entra.ps1',
    make: powershellScript,
  },
  az: { name: 'Azure CLI (bash)', file: 'portico-entra.sh', make: azScript },
} as const

export type Kind = keyof typeof kinds

/** What the form of the script's page says. */
export type Asked = {
  readonly kind: Kind
  readonly name: string
  readonly withScim: boolean
  readonly claims: readonly string[]
}

const claimNames = Object.keys(extraClaims).filter((name): name is ExtraClaim => isExtraClaim(name))

/** The script that makes the Entra side: to read first, then to download. */
export function ScriptPage(props: {
  readonly asked: Asked
  readonly maySync: boolean
  readonly action: string
  readonly download: string
  readonly back: string
  readonly input: ScriptInput | null
  readonly errors: readonly InputError[]
}) {
  const { asked, input, errors } = props
  const error = errors.find(({ field }) => field === 'name')?.message
  return (
    <>
      <Notice tone="warn">
        <strong>Read it before you run it.</strong>
        <p>
          It runs with your own rights in your tenant. It changes one application only, starts
          nothing unless told to, and asks for the SCIM token while it runs: no secret is in it.
        </p>
      </Notice>
      <Card title="What it should do">
        <form method="get" action={props.action} class="form">
          <Select
            label="Language"
            name="kind"
            value={asked.kind}
            options={Object.entries(kinds).map(([kind, { name }]) => [kind, name] as const)}
          />
          <Field
            label="Name of the application in Entra"
            name="name"
            required
            value={asked.name}
            error={error}
          />
          {props.maySync && (
            <Check
              label="Set provisioning up as well"
              name="scim"
              checked={asked.withScim}
              hint="Needs a SCIM token, which the script asks for. objectId becomes externalId."
            />
          )}
          <fieldset>
            <legend>More claims</legend>
            <p class="hint">
              By a claims mapping policy: afterwards the portal cannot edit the claims of this
              application.
            </p>
            {claimNames.map((claim) => (
              <Check
                label={claim}
                name="claims"
                value={claim}
                checked={asked.claims.includes(claim)}
              />
            ))}
          </fieldset>
          <input type="hidden" name="sent" value="yes" />
          <Button kind="quiet">Show the script</Button>
        </form>
      </Card>
      {input !== null && (
        <Card
          title={kinds[asked.kind].file}
          actions={
            <a class="button" href={props.download}>
              Download
            </a>
          }
        >
          <Code>{kinds[asked.kind].make(input)}</Code>
        </Card>
      )}
      <p>
        <a href={props.back}>Back to the guide</a>
      </p>
    </>
  )
}
