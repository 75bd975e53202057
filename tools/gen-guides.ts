import { allGuides } from '../src/console/setup/all-guides.ts'

/** The set-up guides as the Worker reads them (src/console/setup/guides.ts). */
export function renderGuides(): string {
  return `${JSON.stringify(allGuides)}\n`
}
