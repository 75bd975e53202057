/** A caller of the Admin API (`/api/v1`). */
export type AdminApi = {
  /** @returns the answer; null when the thing does not exist. @throws on any other refusal */
  get<T>(path: string): Promise<T | null>
  post<T>(path: string, body: unknown): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
}

/** Opens the Admin API of a Portico at an address. */
export function openAdminApi(baseUrl: string, adminKey: string): AdminApi {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T | null> {
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${adminKey}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    })
    const text = await response.text()
    if (method === 'GET' && response.status === 404) return null
    if (!response.ok)
      throw new Error(`${method} /api/v1${path} answered ${response.status}: ${text}`)
    return JSON.parse(text) as T
  }
  async function need<T>(method: string, path: string, body: unknown): Promise<T> {
    const answer = await call<T>(method, path, body)
    if (answer === null) throw new Error(`${method} /api/v1${path} answered nothing`)
    return answer
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body) => need('POST', path, body),
    put: (path, body) => need('PUT', path, body),
    patch: (path, body) => need('PATCH', path, body),
  }
}
