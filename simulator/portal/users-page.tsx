import type { DeletedUser, User } from '../directory/index.ts'
import { Layout } from '../pages/index.ts'

/** The list of users, and below it those that are deleted and can be restored. */
export function UsersPage(props: {
  readonly search: string
  readonly users: readonly User[]
  readonly deleted: readonly DeletedUser[]
}) {
  return (
    <Layout title="Users" path="/users">
      <h1>Users</h1>
      <search>
        <form method="get" action="/users">
          <label for="search">Search</label>
          <input id="search" name="search" type="search" value={props.search} />
          <div class="row">
            <button class="quiet" type="submit">
              Search
            </button>
            <a class="button" href="/users/new">
              New user
            </a>
          </div>
        </form>
      </search>
      <section style="margin-top:1rem">
        <table>
          <thead>
            <tr>
              <th>Name</th>
              <th>User principal name</th>
              <th>Mail</th>
              <th>Department</th>
            </tr>
          </thead>
          <tbody>
            {props.users.map((user) => (
              <tr>
                <td>
                  <a href={`/users/${user.id}`}>{user.displayName}</a>
                  {!user.accountEnabled && <span class="badge">Disabled</span>}
                  {user.userType === 'Guest' && <span class="badge">Guest</span>}
                </td>
                <td class="mono">{user.userPrincipalName}</td>
                <td class="mono">{user.mail ?? ''}</td>
                <td>{user.department ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {props.deleted.length > 0 && (
        <section>
          <h2>Deleted users</h2>
          {props.deleted.map((user) => (
            <form class="row" method="post" action={`/deleted-users/${user.id}`}>
              <span>
                {user.displayName}, deleted {new Date(user.deletedAtMs).toISOString().slice(0, 10)}
              </span>
              <button class="quiet" type="submit" name="restore" value="yes">
                Restore
              </button>
              <button class="quiet" type="submit" name="purge" value="yes">
                Delete permanently
              </button>
            </form>
          ))}
        </section>
      )}
    </Layout>
  )
}
