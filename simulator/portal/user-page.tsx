import type { App, Group, User } from '../directory/index.ts'
import { Layout, SelectField, TextAreaField, TextField } from '../pages/index.ts'

const shownGroups = 20

/** One user: the form, and what they may use. */
export function UserPage(props: {
  readonly user: User
  readonly isNew: boolean
  readonly problem: string | null
  readonly groups: readonly Group[]
  readonly apps: readonly { readonly app: App; readonly isAssigned: boolean }[]
}) {
  const { user, isNew, groups } = props
  return (
    <Layout title={isNew ? 'New user' : user.displayName} path="/users">
      <h1>{isNew ? 'New user' : user.displayName}</h1>
      {props.problem !== null && (
        <p class="bad" role="alert">
          {props.problem}
        </p>
      )}
      <form method="post" action={isNew ? '/users/new' : `/users/${user.id}`}>
        <UserFields user={user} isNew={isNew} />
        <button type="submit">{isNew ? 'Create' : 'Save'}</button>
      </form>
      {!isNew && (
        <>
          <h2>Access</h2>
          <section>
            <form method="post" action={`/users/${user.id}/access`}>
              <div class="row">
                <button class="quiet" type="submit" name="account" value="switch">
                  {user.accountEnabled ? 'Disable account' : 'Enable account'}
                </button>
              </div>
              {props.apps.map(({ app, isAssigned }) => (
                <div class="row">
                  <button
                    class="quiet"
                    type="submit"
                    name={isAssigned ? 'unassign' : 'assign'}
                    value={app.appId}
                  >
                    {isAssigned ? 'Unassign' : 'Assign'} {app.displayName}
                  </button>
                </div>
              ))}
            </form>
          </section>
          <h2>Groups</h2>
          <p>
            {groups.slice(0, shownGroups).map(({ id, displayName }) => (
              <>
                <a href={`/groups/${id}`}>{displayName}</a>{' '}
              </>
            ))}
            {groups.length > shownGroups && `and ${groups.length - shownGroups} more`}
            {groups.length === 0 && 'None'}
          </p>
          <form method="post" action={`/users/${user.id}/delete`}>
            <button class="quiet" type="submit">
              Delete user
            </button>
          </form>
        </>
      )}
    </Layout>
  )
}

function UserFields({ user, isNew }: { readonly user: User; readonly isNew: boolean }) {
  return (
    <>
      <fieldset>
        <legend>Identity</legend>
        {!isNew && (
          <p class="soft">
            Object ID <code>{user.id}</code>
          </p>
        )}
        <div class="columns">
          <TextField name="displayName" label="Display name" value={user.displayName} required />
          <TextField
            name="userPrincipalName"
            label="User principal name"
            value={isNew && user.displayName === '' ? '' : user.userPrincipalName}
            hint="Made from the display name when empty"
          />
          <TextField name="givenName" label="First name" value={user.givenName} />
          <TextField name="surname" label="Last name" value={user.surname} />
          <TextField name="mail" label="Mail" value={user.mail} />
          <TextField name="mailNickname" label="Mail nickname" value={user.mailNickname} />
          <SelectField
            name="userType"
            label="User type"
            value={user.userType}
            options={['Member', 'Guest']}
          />
          <TextField
            name="homeSignInName"
            label="Guest’s name at home"
            value={user.homeSignInName}
          />
          <SelectField
            name="authentication"
            label="Signs in with"
            value={user.authentication}
            options={[
              ['password', 'Password'],
              ['mfa', 'Password and second factor'],
              ['passkey', 'Passkey or Windows Hello'],
              ['certificate', 'Certificate'],
            ]}
          />
        </div>
      </fieldset>
      <fieldset>
        <legend>Job and contact</legend>
        <div class="columns">
          <TextField name="jobTitle" label="Job title" value={user.jobTitle} />
          <TextField name="department" label="Department" value={user.department} />
          <TextField name="employeeId" label="Employee ID" value={user.employeeId} />
          <TextField name="companyName" label="Company" value={user.companyName} />
          <TextField name="officeLocation" label="Office" value={user.officeLocation} />
          <TextField name="managerId" label="Manager’s object ID" value={user.managerId} />
          <TextField name="mobilePhone" label="Mobile phone" value={user.mobilePhone} />
          <TextField name="faxNumber" label="Fax" value={user.faxNumber} />
          <TextField name="streetAddress" label="Street" value={user.streetAddress} />
          <TextField name="city" label="City" value={user.city} />
          <TextField name="state" label="State" value={user.state} />
          <TextField name="postalCode" label="Postal code" value={user.postalCode} />
          <TextField name="country" label="Country" value={user.country} />
          <TextField
            name="preferredLanguage"
            label="Preferred language"
            value={user.preferredLanguage}
          />
          <TextAreaField
            name="businessPhones"
            label="Business phones, one a line"
            value={user.businessPhones.join('\n')}
          />
        </div>
      </fieldset>
    </>
  )
}
