import { CheckField, SelectField, TextAreaField, TextField } from '../pages/index.ts'
import type { Job } from '../provisioning/index.ts'
import { filterLines, mappingLines } from './provisioning-form.ts'

/** The settings of an application's provisioning. */
export function ProvisioningFields({ job }: { readonly job: Job }) {
  return (
    <>
      <fieldset>
        <legend>Admin credentials</legend>
        <TextField
          name="tenantUrl"
          label="Tenant URL"
          hint="With ?aadOptscim062020 behind it the requests are nearer to the standard"
          value={job.tenantUrl}
          type="url"
          required
        />
        <Credentials job={job} />
      </fieldset>
      <fieldset>
        <legend>Scope and mapping</legend>
        <div class="columns">
          <SelectField
            name="scope"
            label="Scope"
            value={job.scope}
            options={[
              ['assigned', 'Assigned users and groups'],
              ['all', 'All users and groups'],
            ]}
          />
          <SelectField
            name="externalIdSource"
            label="externalId comes from"
            value={job.externalIdSource}
            options={[
              ['mailNickname', 'mailNickname (Entra’s default)'],
              ['objectId', 'objectId (as applications advise)'],
            ]}
          />
          <TextAreaField
            name="userMatching"
            label="People are matched by"
            hint="Target attributes, one a line, the first first"
            value={job.userMatching.join('\n')}
          />
          <SelectField
            name="groupMatching"
            label="Groups are matched by"
            value={job.groupMatching}
            options={['displayName', 'externalId']}
          />
        </div>
        <TextAreaField
          name="customMapping"
          label="Mappings besides the default ones"
          hint="One a line: nickName = ToLower([givenName])"
          value={mappingLines(job.customMapping)}
        />
        <TextAreaField
          name="scopingFilters"
          label="Scoping filters"
          hint="One of the lines must hold: department EQUALS Sales AND jobTitle IS NOT NULL"
          value={filterLines(job.scopingFilters)}
        />
        <CheckField
          name="provisionsGroups"
          label="Provision groups"
          checked={job.provisionsGroups}
        />
        <CheckField
          name="supportsSoftDelete"
          label="The application supports disabling people"
          hint="Otherwise they are deleted where they would be disabled"
          checked={job.supportsSoftDelete}
        />
        <CheckField
          name="skipOutOfScopeDeletions"
          label="SkipOutOfScopeDeletions: send nothing when people leave the scope"
          checked={job.skipOutOfScopeDeletions}
        />
      </fieldset>
    </>
  )
}

function Credentials({ job: { credentials } }: { readonly job: Job }) {
  const token = credentials.kind === 'token' ? credentials.token : ''
  const client = credentials.kind === 'token' ? null : credentials
  const secret = credentials.kind === 'client-credentials' ? credentials : null
  return (
    <div class="columns">
      <SelectField
        name="kind"
        label="Authentication method"
        value={credentials.kind}
        options={[
          ['token', 'Secret token'],
          ['client-credentials', 'OAuth client credentials'],
          ['federated', 'Workload identity federation'],
        ]}
      />
      <TextField name="token" label="Secret token" value={token} />
      <TextField name="tokenUrl" label="Token endpoint" value={client?.tokenUrl ?? ''} />
      <TextField name="clientId" label="Client identifier" value={client?.clientId ?? ''} />
      <TextField name="clientSecret" label="Client secret" value={secret?.clientSecret ?? ''} />
      <TextField name="oauthScope" label="OAuth scope" value={client?.scope ?? ''} />
      <SelectField
        name="sentIn"
        label="How credentials are sent"
        value={secret?.sentIn ?? 'header'}
        options={['header', 'body', 'both']}
      />
      <TextField
        name="audience"
        label="Audience of the assertion"
        value={credentials.kind === 'federated' ? credentials.audience : ''}
      />
    </div>
  )
}
