import { goOn, type Step } from './step.ts'

/** Reads the members of the groups that are held. */
export const readMembers: Step = (work) => goOn(work, { step: 'brake', cursor: { after: '' } })

/** Takes out whose leaving waited for the brake. */
export const applyLeaving: Step = (work) => goOn(work, { step: 'finish', cursor: { after: '' } })
