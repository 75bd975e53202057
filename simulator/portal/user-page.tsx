import type { App, Group, User } from '../directory/index.ts'
import { Layout } from '../pages/index.ts'
import { UserFields } from './user-fields.tsx'

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
