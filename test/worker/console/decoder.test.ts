import { beforeEach, describe, expect, it } from 'vitest'
import { buildResponse } from '../../support/saml-builder.ts'
import { buildMetadata } from '../../support/saml-messages.ts'
import { createContoso } from '../admin/admin-client.ts'
import { createConnection } from '../admin/connection-world.ts'
import { type Browser, openConsole } from './console-world.ts'

const tab = '/console/o/contoso/decoder'

let browser: Browser

beforeEach(async () => {
  const world = openConsole()
  await createContoso(world.api)
  await createConnection(world.api)
  browser = await world.operator()
})

async function decode(text: string, fields: Record<string, string> = {}) {
  return browser.post(tab, { text, connection: '', judgedAt: 'issued', ...fields }, tab)
}

describe('the decoder', () => {
  it('has a labelled box and the connections of the organization', async () => {
    const page = await browser.get(tab)
    expect(page.html).toContain('<label for="text">Message</label>')
    expect(page.text).toContain('No connection: only read it')
  })

  it('shows a response in plain words, its checks and its text', async () => {
    const { base64 } = await buildResponse()
    const [, connection = ''] =
      /<option value="(con_\w+)"/.exec((await browser.get(tab)).html) ?? []
    const page = await decode(base64, { connection })
    expect(page.status).toBe(200)
    expect(page.text).toContain('SAML response')
    expect(page.text).toContain('Differs')
    expect(page.text).toContain('Fail')
    expect(page.text).toContain('<saml')
    expect(page.html).not.toContain('<samlp:Response')
  })

  it('shows a SCIM request', async () => {
    const body = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'ann',
      active: false,
    }
    const page = await decode(JSON.stringify(body))
    expect(page.text).toContain('SCIM user')
    expect(page.text).toContain('Deactivates')
  })

  it('says what is wrong with what it cannot read, and keeps the text', async () => {
    const page = await decode('<!DOCTYPE a><a/>')
    expect(page.status).toBe(200)
    expect(page.text).toContain('xml.doctype')
    expect(page.html).toContain('&lt;!DOCTYPE a&gt;&lt;a/&gt;</textarea>')
    expect((await decode('')).status).toBe(400)
  })

  it('stays light, whatever is pasted', async () => {
    const metadata = await buildMetadata({
      extraXml: '<Organization>x</Organization>'.repeat(4000),
    })
    const page = await decode(metadata)
    expect(page.text).toContain('Metadata')
    expect(page.text).toContain('more characters')
    expect(page.html.length).toBeLessThan(100_000)
  })

  it('escapes whatever a message says', async () => {
    const page = await decode('<a x="&lt;script>alert(1)&lt;/script>">&lt;img src=x></a>')
    expect(page.html).not.toContain('<script>alert')
    expect(page.html).not.toContain('<img')
  })
})
