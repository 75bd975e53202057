import { Hono } from 'hono'
import {
  addMember,
  deleteGroup,
  findGroup,
  findUser,
  type Group,
  listGroups,
  listMembers,
  removeMember,
  type Sql,
  saveGroup,
} from '../directory/index.ts'
import { uuid } from '../keys/index.ts'
import { Layout, TextField } from '../pages/index.ts'
import type { World } from '../world.ts'
import { readForm } from './form.ts'

const shownMembers = 500

/** Lists, creates, renames and deletes groups, and changes who is in them. */
export function groupPageRoutes({ sql }: World): Hono {
  const routes = new Hono()
  routes.get('/groups', (c) => {
    const search = c.req.query('search') ?? ''
    return c.html(<GroupsPage search={search} groups={listGroups(sql, { search, limit: 200 })} />)
  })
  routes.post('/groups', async (c) => {
    const form = await readForm(c)
    const id = uuid()
    saveGroup(sql, { id, displayName: form.text('displayName') || 'New group', description: null })
    return c.redirect(`/groups/${id}`, 303)
  })
  routes.get('/groups/:id', (c) => {
    const group = findGroup(sql, c.req.param('id'))
    return group === null ? c.notFound() : c.html(<GroupPage sql={sql} group={group} />)
  })
  routes.post('/groups/:id', async (c) => {
    const group = findGroup(sql, c.req.param('id'))
    if (group === null) return c.notFound()
    const form = await readForm(c)
    if (form.isOn('displayName')) {
      const description = form.orNull('description')
      saveGroup(sql, { ...group, displayName: form.text('displayName'), description })
    }
    const member = findUser(sql, form.text('add')) ?? findGroup(sql, form.text('add'))
    if (member !== null) addMember(sql, group.id, member.id)
    if (form.isOn('remove')) removeMember(sql, group.id, form.text('remove'))
    if (form.isOn('add') && member === null) {
      const problem = `There is no user or group “${form.text('add')}”.`
      return c.html(<GroupPage sql={sql} group={group} problem={problem} />, 400)
    }
    return c.redirect(`/groups/${group.id}`, 303)
  })
  routes.post('/groups/:id/delete', (c) => {
    deleteGroup(sql, c.req.param('id'))
    return c.redirect('/groups', 303)
  })
  return routes
}

function GroupsPage(props: {
  readonly search: string
  readonly groups: ReturnType<typeof listGroups>
}) {
  return (
    <Layout title="Groups" path="/groups">
      <h1>Groups</h1>
      <div class="columns">
        <search>
          <form method="get" action="/groups">
            <TextField name="search" label="Search" value={props.search} />
            <div class="row">
              <button class="quiet" type="submit">
                Search
              </button>
            </div>
          </form>
        </search>
        <form method="post" action="/groups">
          <TextField name="displayName" label="New group" value="" required />
          <div class="row">
            <button type="submit">Create</button>
          </div>
        </form>
      </div>
      <section style="margin-top:1rem">
        <table>
          <thead>
            <tr>
              <th>Name</th>
              <th>Members</th>
              <th>Description</th>
            </tr>
          </thead>
          <tbody>
            {props.groups.map((group) => (
              <tr>
                <td>
                  <a href={`/groups/${group.id}`}>{group.displayName}</a>
                </td>
                <td>{group.members}</td>
                <td>{group.description ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Layout>
  )
}

function GroupPage(props: { readonly sql: Sql; readonly group: Group; readonly problem?: string }) {
  const { sql, group } = props
  const members = listMembers(sql, group.id)
  const action = `/groups/${group.id}`
  return (
    <Layout title={group.displayName} path="/groups">
      <h1>{group.displayName}</h1>
      {props.problem !== undefined && (
        <p class="bad" role="alert">
          {props.problem}
        </p>
      )}
      <p class="soft">
        Object ID <code>{group.id}</code>
      </p>
      <form method="post" action={action}>
        <fieldset>
          <legend>Properties</legend>
          <TextField name="displayName" label="Name" value={group.displayName} required />
          <TextField name="description" label="Description" value={group.description} />
          <div class="row">
            <button type="submit">Save</button>
          </div>
        </fieldset>
      </form>
      <h2>Members ({members.length})</h2>
      <form method="post" action={action}>
        <TextField
          name="add"
          label="Add a user or group"
          hint="User principal name, group name or object ID"
          value=""
        />
        <div class="row">
          <button type="submit">Add</button>
        </div>
      </form>
      <form method="post" action={action} style="margin-top:1rem">
        {members.slice(0, shownMembers).map((id) => (
          <div class="row">
            <button class="quiet" type="submit" name="remove" value={id}>
              Remove
            </button>
            <span>{findUser(sql, id)?.displayName ?? findGroup(sql, id)?.displayName ?? id}</span>
          </div>
        ))}
      </form>
      <form method="post" action={`${action}/delete`} style="margin-top:1.5rem">
        <button class="quiet" type="submit">
          Delete group
        </button>
      </form>
    </Layout>
  )
}
