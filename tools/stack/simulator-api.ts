/** An application of the simulator, as far as it is used here. */
export type SimulatorApp = { readonly metadataUrl: string; readonly ssoUrl: string }

/** The simulator's own API (`simulator/README.md`). */
export type Simulator = {
  /** @returns the answer; null when the thing does not exist, or nothing was answered. @throws on any other refusal */
  get<T>(path: string): Promise<T | null>
  put<T>(path: string, body: unknown): Promise<T | null>
  post<T>(path: string, body?: unknown): Promise<T | null>
  patch<T>(path: string, body: unknown): Promise<T | null>
  findApp(appId: string): Promise<SimulatorApp | null>
  createApp(app: Readonly<Record<string, unknown>>): Promise<SimulatorApp>
  changeApp(appId: string, change: Readonly<Record<string, unknown>>): Promise<SimulatorApp>
}

/** Opens the API of a simulator at an address. */
export function openSimulator(baseUrl: string): Simulator {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T | null> {
    const response = await fetch(`${baseUrl}/api${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    })
    const text = await response.text()
    if (method === 'GET' && response.status === 404) return null
    if (!response.ok) {
      throw new Error(
        `The simulator answered ${method} /api${path} with ${response.status}: ${text}`,
      )
    }
    return text === '' ? null : (JSON.parse(text) as T)
  }
  async function need(method: string, path: string, body: unknown): Promise<SimulatorApp> {
    const app = await call<SimulatorApp>(method, path, body)
    if (app === null) throw new Error(`The simulator answered ${method} /api${path} with nothing.`)
    return app
  }
  return {
    get: (path) => call('GET', path),
    put: (path, body) => call('PUT', path, body),
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    findApp: (appId) => call('GET', `/apps/${appId}`),
    createApp: (app) => need('POST', '/apps', app),
    changeApp: (appId, change) => need('PATCH', `/apps/${appId}`, change),
  }
}
