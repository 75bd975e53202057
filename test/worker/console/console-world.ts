import { expect } from 'vitest'
import { type AdminApi, adminKey, openAdminApi, textOf } from '../admin/admin-client.ts'

/** A page as a browser without JavaScript sees it. */
export type Page = {
  readonly status: number
  readonly headers: Headers
  /** Where it leads, when it does. */
  readonly location: string
  readonly html: string
  /** What stands on it, without tags and scripts, spaces folded. */
  readonly text: string
}

/** A browser in the console, with the cookies that it was given. */
export type Browser = {
  readonly cookies: Map<string, string>
  get(path: string, headers?: Record<string, string>): Promise<Page>
  /** Sends a form of the page at `from` (the token of that page is used) to `action`. */
  post(
    action: string,
    fields: Record<string, string | readonly string[]>,
    from?: string,
  ): Promise<Page>
  /** Sends exactly this. */
  send(path: string, init: RequestInit): Promise<Page>
}

/** Portico with a clock, a network and an Admin API client, and browsers to open its console with. */
export function openConsole(...given: Parameters<typeof openAdminApi>) {
  const api = openAdminApi(...given)
  return {
    ...api,
    api,
    browser: () => openBrowser(api),
    operator: () => operatorOf(api),
    visitor: (org: string, parts?: readonly string[]) => linkHolder(api, org, parts),
  }
}

export type ConsoleWorld = ReturnType<typeof openConsole>

/** A browser that signed in with the admin key. */
export async function operatorOf(api: AdminApi): Promise<Browser> {
  const browser = openBrowser(api)
  const page = await browser.post('/console/login', { key: adminKey })
  expect([page.status, page.location]).toEqual([303, '/console'])
  return browser
}

/** A browser that came by a setup link for these parts. */
async function linkHolder(
  api: AdminApi,
  org: string,
  parts: readonly string[] = ['saml', 'scim', 'attributes'],
): Promise<Browser> {
  const made = await api.post(`/organizations/${org}/setup-links`, { name: 'Tests', parts })
  expect(made.status).toBe(201)
  const browser = openBrowser(api)
  const token = new URL(textOf(made.body, 'url')).hash.slice(1)
  const page = await browser.post('/console/enter', { token })
  expect([page.status, page.location]).toEqual([303, '/console'])
  return browser
}

function openBrowser(api: AdminApi): Browser {
  const cookies = new Map<string, string>()
  const { publicUrl } = api.deps.config

  async function send(path: string, init: RequestInit): Promise<Page> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { 'sec-fetch-site': 'same-origin', ...(cookie === '' ? {} : { cookie }) }
    const response = await api.fetch(
      new Request(new URL(path, publicUrl), {
        redirect: 'manual',
        ...init,
        headers: { ...headers, ...(init.headers as Record<string, string> | undefined) },
      }),
    )
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const html = await response.text()
    const location = response.headers.get('location') ?? ''
    return {
      status: response.status,
      headers: response.headers,
      location,
      html,
      text: textIn(html),
    }
  }

  async function csrfOn(path: string): Promise<string> {
    const { html } = await send(path, {})
    return /name="csrf" value="([0-9a-f]+)"/.exec(html)?.[1] ?? ''
  }

  return {
    cookies,
    send,
    get: (path, headers = {}) => send(path, { headers }),
    async post(action, fields, from = '/console') {
      const body = new URLSearchParams({ csrf: cookies.size === 0 ? '' : await csrfOn(from) })
      for (const [name, value] of Object.entries(fields)) {
        for (const one of typeof value === 'string' ? [value] : value) body.append(name, one)
      }
      return send(action, {
        method: 'POST',
        body: body.toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          referer: `${publicUrl}${from}`,
        },
      })
    },
  }
}

function textIn(html: string): string {
  return html
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
