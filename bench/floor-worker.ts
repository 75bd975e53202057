import { Hono } from 'hono'

/**
 * The least that a SCIM server on D1 could do: no authentication, no schema, no filter, no events. A create
 * is one batch of two inserts, everything else one statement or two. Nothing that keeps a promise of Portico
 * can be faster than this on the same runtime.
 */
const app = new Hono<{ Bindings: { DB: D1Database } }>()

app.post('/scim/v2/Users', async (c) => {
  const body = await c.req.json<{ userName: string }>()
  const id = crypto.randomUUID()
  await c.env.DB.batch([
    c.env.DB.prepare('insert into users (id, user_name, body) values (?, ?, ?)').bind(
      id,
      body.userName,
      JSON.stringify(body),
    ),
    c.env.DB.prepare('insert into events (id, user_id) values (?, ?)').bind(
      crypto.randomUUID(),
      id,
    ),
  ])
  return c.json({ ...body, id }, 201)
})

app.get('/scim/v2/Users', async (c) => {
  const [, userName] = /^userName eq "(.*)"$/.exec(c.req.query('filter') ?? '') ?? []
  const statement =
    userName === undefined
      ? c.env.DB.prepare('select id, body from users order by id limit 100')
      : c.env.DB.prepare('select id, body from users where user_name = ?').bind(userName)
  const { results } = await statement.all<{ id: string; body: string }>()
  const users = results.map(({ id, body }) => ({ ...JSON.parse(body), id }))
  return c.json({ totalResults: users.length, Resources: users })
})

app.patch('/scim/v2/Users/:id', async (c) => {
  const { Operations } = await c.req.json<{ Operations: { path: string; value: unknown }[] }>()
  const id = c.req.param('id')
  const body = await c.env.DB.prepare('select body from users where id = ?')
    .bind(id)
    .first<string>('body')
  const next = { ...JSON.parse(body ?? '{}') }
  for (const { path, value } of Operations) next[path] = value
  await c.env.DB.prepare('update users set body = ? where id = ?')
    .bind(JSON.stringify(next), id)
    .run()
  return c.json({ ...next, id })
})

app.patch('/scim/v2/Groups/:id', async (c) => {
  const { Operations } = await c.req.json<{ Operations: { value: { value: string }[] }[] }>()
  const ids = Operations.flatMap(({ value }) => value.map((member) => member.value))
  await c.env.DB.prepare(
    'insert into members (group_id, user_id) select ?, value from json_each(?) where true on conflict do nothing',
  )
    .bind(c.req.param('id'), JSON.stringify(ids))
    .run()
  return c.body(null, 204)
})

export default app
