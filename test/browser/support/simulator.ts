import { places } from './world.ts'

export type Certificate = {
  readonly thumbprint: string
  readonly isActive: boolean
  readonly pem: string
}

export type App = {
  readonly appId: string
  readonly displayName: string
  readonly metadataUrl: string
  readonly signInUrl: string
  readonly certificates: readonly Certificate[]
}

/** Calls the simulator's API. @throws when it refuses */
export async function simulator<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${places.simulatorUrl}/api${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} /api${path} answered ${response.status}: ${text}`)
  return (text === '' ? null : JSON.parse(text)) as T
}
