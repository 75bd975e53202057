import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** What a start must know of the ones before. */
export type KeptState = { readonly scimToken?: string }

export type StackState = { read(): KeptState; write(state: KeptState): void }

/** Opens the state file of a data folder, readable by the owner only. What cannot be read counts as nothing. */
export function openState(path: string): StackState {
  return {
    read: () => {
      if (!existsSync(path)) return {}
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as KeptState
      } catch {
        return {} // cut off while it was written: a new token is made
      }
    },
    write: (state) => writeFileSync(path, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 }),
  }
}
