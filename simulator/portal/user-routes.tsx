import { Hono } from 'hono'
import {
  assign,
  deleteUser,
  findApp,
  findDeletedUser,
  findUser,
  homeTenant,
  isAssigned,
  listApps,
  listDeletedUsers,
  listUsers,
  newUser,
  purgeUser,
  restoreUser,
  saveUser,
  transitiveGroups,
  type User,
  unassign,
} from '../directory/index.ts'
import type { World } from '../world.ts'
import { extensionsIn } from './extension-text.ts'
import { type Form, readForm } from './form.ts'
import { UserPage } from './user-page.tsx'
import { UsersPage } from './users-page.tsx'

/** Lists, creates, edits, disables, assigns and deletes users. */
export function userPageRoutes(world: World): Hono {
  const { sql } = world
  const routes = new Hono()
  const show = (user: User, problem: string | null = null) => (
    <UserPage
      user={user}
      isNew={findUser(sql, user.id) === null}
      problem={problem}
      groups={transitiveGroups(sql, user.id)}
      apps={listApps(sql).map((app) => ({ app, isAssigned: isAssigned(sql, app.appId, user.id) }))}
    />
  )
  routes.get('/users', (c) => {
    const search = c.req.query('search') ?? ''
    return c.html(
      <UsersPage
        search={search}
        users={listUsers(sql, { search, limit: 200 })}
        deleted={search === '' ? listDeletedUsers(sql).slice(0, 200) : []}
      />,
    )
  })
  routes.get('/users/new', (c) => c.html(show(newUser({ displayName: '' }))))
  routes.post('/users/new', async (c) => {
    const form = await readForm(c)
    const user = filled(newUser({ displayName: form.text('displayName') }), form)
    if (!saveUser(sql, user)) return c.html(show(user, taken), 409)
    return c.redirect(`/users/${user.id}`, 303)
  })
  routes.get('/users/:id', (c) => {
    const user = findUser(sql, c.req.param('id'))
    return user === null ? c.notFound() : c.html(show(user))
  })
  routes.post('/users/:id', async (c) => {
    const user = findUser(sql, c.req.param('id'))
    if (user === null) return c.notFound()
    const changed = filled(user, await readForm(c))
    if (!saveUser(sql, changed)) return c.html(show(changed, taken), 409)
    return c.redirect(`/users/${user.id}`, 303)
  })
  routes.post('/users/:id/access', async (c) => {
    const user = findUser(sql, c.req.param('id'))
    if (user === null) return c.notFound()
    const form = await readForm(c)
    if (form.isOn('account')) saveUser(sql, { ...user, accountEnabled: !user.accountEnabled })
    const app = findApp(sql, form.text('assign') || form.text('unassign'))
    if (app !== null && form.isOn('assign')) {
      assign(sql, app.appId, { principalId: user.id, roleId: null })
    }
    if (app !== null && form.isOn('unassign')) unassign(sql, app.appId, user.id)
    return c.redirect(`/users/${user.id}`, 303)
  })
  routes.post('/users/:id/delete', (c) => {
    deleteUser(sql, c.req.param('id'), world.nowMs())
    return c.redirect('/users', 303)
  })
  routes.post('/deleted-users/:id', async (c) => {
    const form = await readForm(c)
    const user = findDeletedUser(sql, c.req.param('id'))
    if (user === null) return c.notFound()
    if (form.isOn('purge')) purgeUser(sql, user.id)
    else if (!restoreUser(sql, user)) return c.text(taken, 409)
    return c.redirect('/users', 303)
  })
  return routes
}

const taken = 'Another user has this user principal name.'

/** A user with what the form says. */
function filled(user: User, form: Form): User {
  const userType = form.oneOf('userType', ['Member', 'Guest'])
  const isGuest = userType === 'Guest'
  const [division, costCenter] = [form.orNull('division'), form.orNull('costCenter')]
  return {
    ...user,
    displayName: form.text('displayName'),
    userPrincipalName: form.text('userPrincipalName') || user.userPrincipalName,
    givenName: form.orNull('givenName'),
    surname: form.orNull('surname'),
    mail: form.orNull('mail'),
    mailNickname: form.text('mailNickname') || user.mailNickname,
    userType,
    homeSignInName: isGuest ? form.orNull('homeSignInName') : null,
    homeIssuer: isGuest ? (user.homeIssuer ?? homeTenant.issuer) : null,
    authentication: form.oneOf('authentication', ['password', 'mfa', 'passkey', 'certificate']),
    jobTitle: form.orNull('jobTitle'),
    department: form.orNull('department'),
    employeeId: form.orNull('employeeId'),
    companyName: form.orNull('companyName'),
    officeLocation: form.orNull('officeLocation'),
    businessPhones: form.lines('businessPhones'),
    mobilePhone: form.orNull('mobilePhone'),
    faxNumber: form.orNull('faxNumber'),
    streetAddress: form.orNull('streetAddress'),
    city: form.orNull('city'),
    state: form.orNull('state'),
    postalCode: form.orNull('postalCode'),
    country: form.orNull('country'),
    preferredLanguage: form.orNull('preferredLanguage'),
    usageLocation: form.orNull('usageLocation'),
    employeeType: form.orNull('employeeType'),
    employeeOrgData: division === null && costCenter === null ? null : { division, costCenter },
    managerId: form.orNull('managerId'),
    extensionAttributes: extensionsIn(form.lines('extensionAttributes')),
  }
}
