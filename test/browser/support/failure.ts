import type { Page } from 'playwright-core'
import type { Joined } from './organization.ts'
import { pick, waitForProfile } from './world.ts'

/** An organization in which something is wrong. */
export type Broken = {
  readonly joined: Joined
  /** Undoes what is wrong on the other side, where it was made there. */
  repair(): Promise<void>
  /** Tries again what failed, and waits until it works. @param page of a person's browser, with no cookies yet */
  retry(page: Page): Promise<void>
}

export type Failure = {
  /** As issue trackers and admins call it. */
  readonly name: string
  /** What Portico's events call it. */
  readonly code: string
  /** What the tenant says itself, before Portico hears anything of it. */
  readonly aadsts?: string
  /** Makes an organization, breaks it, and lets it fail. @param page of a person's browser */
  produce(page: Page): Promise<Broken>
}

/** Who signs in where it does not matter who. */
export const tester = 'Adele Vance'

/** An ordinary sign-in, started at Portico. */
export async function signIn(page: Page, { connection }: Joined, name = tester): Promise<void> {
  await page.goto(connection.loginUrl)
  await pick(page, name)
}

/** The same once more, which has to go well. */
export function signInAgain(joined: Joined, name = tester) {
  return async (page: Page): Promise<void> => {
    await signIn(page, joined, name)
    await waitForProfile(page, name)
  }
}
