import {
  lastUserChange,
  type ReadUser,
  readChangedUsers,
  readUsers,
  type Sql,
} from '../directory/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { type AllowedCall, answer, badRequest, type GraphAnswer, graphError } from './call.ts'
import {
  type DeltaOptions,
  type DeltaPlace,
  type DeltaState,
  deltaLink,
  readDeltaToken,
} from './delta-link.ts'
import { deltaObjects } from './delta-object.ts'
import type { Fault } from './faults.ts'
import { loadGraphSettings } from './settings.ts'
import { readSelect, storedNames } from './user-properties.ts'

const mostIds = 50

/** Answers `GET /users/delta`. Source: learn.microsoft.com/graph/api/user-delta */
export function answerDelta(world: World, call: AllowedCall): GraphAnswer {
  const state = readState(world, call)
  if (!state.ok) return state.failure
  const { options, place } = state.value
  const headers = options.isMinimal ? { 'Preference-Applied': 'return=minimal' } : {}
  const page = readPage(world.sql, state.value)
  const { fault } = call
  const effect = fault?.effect
  const last = effect === 'repeat-objects' ? middleOf(page.users) : page.users.at(-1)
  const isAgain = effect === 'replay-page' || effect === 'empty-page'
  const isLast = page.isLast || last === undefined
  const next = isAgain ? place : isLast ? null : placeAfter(place, last)
  const link =
    next === null
      ? {
          '@odata.deltaLink': deltaLink(world, '$deltatoken', { options, place: nextRound(place) }),
        }
      : { '@odata.nextLink': deltaLink(world, '$skiptoken', { options, place: next }) }
  const context = `${world.baseUrl}/v1.0/$metadata#users(${options.select.join(',')})`
  const objects = deltaObjects(world.sql, page.users, state.value)
  const value = mentions(objects, effect)
  return answer({ '@odata.context': context, ...link, value }, headers)
}

const middleOf = <T>(items: readonly T[]) => items[Math.floor((items.length - 1) / 2)]

/** The objects of a page as they are mentioned there; a user may be mentioned more than once. */
function mentions(objects: readonly Readonly<Record<string, unknown>>[], effect?: Fault['effect']) {
  if (effect === 'empty-page') return []
  if (effect === 'repeat-objects') return [...objects, ...objects.toReversed()]
  if (effect !== 'split-objects') return objects
  return objects.flatMap(({ 'manager@delta': manager, ...rest }) =>
    manager === undefined ? [rest] : [rest, { id: rest['id'], 'manager@delta': manager }],
  )
}

/** Where a call stands: at its beginning, or where its link says. */
function readState(world: World, call: AllowedCall): Result<DeltaState, GraphAnswer> {
  const { query } = call
  const token = query.get('$skiptoken') ?? (query.get('$deltatoken') || null)
  if (token === null || token === 'latest') return begin(world, call)
  // A link is to be used as it is: its options are in it.
  if ([...query.keys()].length > 1) {
    return err(badRequest('Query options are encoded in the token and must not be sent with it.'))
  }
  const read = readDeltaToken(world, token)
  if (read === null) return err(badRequest('Badly formed token.'))
  const { options, place } = read.state
  if (read.isExpired || call.fault?.effect === 'resync') return err(expired(world, options))
  // A round goes to what is the last change when it begins, also where more happens while pages are read.
  const until = query.has('$deltatoken') ? lastUserChange(world.sql) : place.until
  return ok({ options, place: { ...place, until } })
}

const allowed: ReadonlySet<string> = new Set(['$select', '$filter', '$deltatoken'])

function begin({ sql }: World, { query, header }: AllowedCall): Result<DeltaState, GraphAnswer> {
  const unsupported = [...query.keys()].find((name) => !allowed.has(name))
  if (unsupported !== undefined) {
    const message = `The query option '${unsupported}' is not supported with delta query on users.`
    return err(badRequest(message))
  }
  const select = readSelect(query.get('$select'), { manager: true, isDelta: true })
  if (!select.ok) return select
  const ids = readIds(query.get('$filter'))
  if (!ids.ok) return ids
  const isMinimal = /\breturn=minimal\b/.test(header('prefer') ?? '')
  const options: DeltaOptions = { select: select.value, ids: ids.value, isMinimal }
  const until = lastUserChange(sql)
  const place: DeltaPlace =
    query.get('$deltatoken') === 'latest'
      ? { pass: 'changes', since: until, after: until, until }
      : { pass: 'full', after: '', until }
  return ok({ options, place })
}

/** `id eq '…' or id eq '…'`, at most fifty. */
function readIds(filter: string | null): Result<readonly string[] | null, GraphAnswer> {
  if (filter === null) return ok(null)
  const ids = filter.split(/ or /i).map((part) => /^\s*id eq '([\w-]+)'\s*$/i.exec(part)?.[1])
  const known = ids.filter((id) => id !== undefined)
  if (known.length < ids.length) {
    return err(badRequest("Delta query supports only $filter=id eq '{value}'."))
  }
  return known.length > mostIds
    ? err(badRequest(`Too many ids in $filter: at most ${mostIds}.`))
    : ok(known)
}

function readPage(sql: Sql, { options, place }: DeltaState) {
  const limit = loadGraphSettings(sql).deltaPageSize
  const users =
    place.pass === 'full'
      ? readUsers(sql, options.ids, { after: place.after, limit: limit + 1 })
      : readChangedUsers(
          sql,
          { properties: options.select.flatMap(storedNames), ids: options.ids },
          { after: place.after, until: place.until, limit: limit + 1 },
        )
  return { users: users.slice(0, limit), isLast: users.length <= limit }
}

function placeAfter(place: DeltaPlace, { id, seq }: ReadUser): DeltaPlace {
  return place.pass === 'full' ? { ...place, after: id } : { ...place, after: seq }
}

/** Where the next round begins: what changed while this one went on is part of it. */
function nextRound({ until }: DeltaPlace): DeltaPlace {
  return { pass: 'changes', since: until, after: until, until }
}

/** A token that is too old, answered as the settings say: for directory objects all three are documented. */
function expired({ sql, baseUrl }: World, { select }: DeltaOptions): GraphAnswer {
  const { expiredDelta } = loadGraphSettings(sql)
  const message = 'The delta token is expired or no longer valid. Synchronize anew.'
  if (expiredDelta !== 'gone') return graphError(400, expiredDelta, message)
  const Location = `${baseUrl}/v1.0/users/delta?$select=${select.join(',')}&$deltatoken=`
  return graphError(410, 'resyncRequired', message, { Location })
}
