import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadKeys, parseDotenv } from '../../tools/stack/keys.ts'
import { freePorts, isPortFree, parsePort } from '../../tools/stack/ports.ts'
import { isTrouble } from '../../tools/stack/process.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-test-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('the keys of a local Portico', () => {
  it('are made on the first start, for the owner only, and long enough', () => {
    const path = join(folder, '.dev.vars')
    const keys = loadKeys(path)
    expect(keys.created).toBe(true)
    expect(Buffer.from(keys.adminKey, 'base64url')).toHaveLength(32)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const [kid, key] = (parseDotenv(readFileSync(path, 'utf8')).get('ENCRYPTION_KEYS') ?? '').split(
      ':',
    )
    expect(kid).toBe('k1')
    expect(Buffer.from(key ?? '', 'base64')).toHaveLength(32)
  })

  it('are the same on the next start', () => {
    const path = join(folder, '.dev.vars')
    const first = loadKeys(path)
    const text = readFileSync(path, 'utf8')
    expect(loadKeys(path)).toEqual({ adminKey: first.adminKey, created: false })
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('are never added to a file that somebody wrote', () => {
    const path = join(folder, '.dev.vars')
    writeFileSync(path, 'ADMIN_KEY=mine\n')
    expect(() => loadKeys(path)).toThrow('ENCRYPTION_KEYS')
    expect(readFileSync(path, 'utf8')).toBe('ADMIN_KEY=mine\n')
  })

  it('are read as wrangler reads them', () => {
    const text = '# A=0\nA=1\nexport B="two # 2"\nC = \'x=y\' \nD=4 # four\n\nnot a line'
    expect([...parseDotenv(text)]).toEqual([
      ['A', '1'],
      ['B', 'two # 2'],
      ['C', 'x=y'],
      ['D', '4'],
    ])
  })
})

describe('ports', () => {
  it.each([
    [undefined, 8787],
    ['', 8787],
    ['9000', 9000],
  ])('reads %j as %i', (text, port) => {
    expect(parsePort(text, 'PORT', 8787)).toBe(port)
  })

  it.each([['0'], ['65536'], ['http'], ['80 '], ['-1'], ['1e3']])('refuses %j', (text) => {
    expect(() => parsePort(text, 'PORT', 8787)).toThrow('PORT must be a port')
  })

  it('tells a taken port from a free one', async () => {
    const [port = 0, other = 0] = await freePorts(2)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    expect([await isPortFree(port), await isPortFree(other)]).toEqual([false, true])
    await new Promise((resolve) => server.close(resolve))
    expect(await isPortFree(port)).toBe(true)
  })
})

describe('output of the Workers', () => {
  it.each([
    ['✘ [ERROR] Address already in use'],
    ['[wrangler:error] GET / 500'],
    ['{"level":"error","message":"bug"}'],
    ['Uncaught TypeError: x'],
  ])('is trouble when it says %s', (line) => {
    expect(isTrouble(line)).toBe(true)
  })

  it.each([
    ['[wrangler:info] GET / 200 OK (3ms)'],
    ['[wrangler:warn] Unable to fetch the `Request.cf` object!'],
    ['{"level":"warn","message":"refused"}'],
  ])('is not when it says %s', (line) => {
    expect(isTrouble(line)).toBe(false)
  })
})
