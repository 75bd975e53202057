import { applyWaiting, finishRun, judgeWaiting } from './finish-run.ts'
import {
  findDifferences,
  findLacking,
  judgeAssignments,
  readApplication,
  readAssignedGroups,
  readAssignments,
} from './read-assigned.ts'
import { applyLeaving, readMembers } from './read-members.ts'
import { readUnbound } from './read-unbound.ts'
import { judgeUnassigned, judgeUnseen, readNewcomers, readUsers } from './read-users.ts'
import { resolvePeople } from './resolve-people.ts'
import type { StepName } from './run.ts'
import type { Step } from './step.ts'

/** What each step does: a bounded piece of work, after which the run stands somewhere else. */
export const steps: Readonly<Record<StepName, Step>> = {
  application: readApplication,
  assignments: readAssignments,
  assigned_groups: readAssignedGroups,
  judge: judgeAssignments,
  differences: findDifferences,
  lacking: findLacking,
  users: readUsers,
  newcomers: readNewcomers,
  unbound: readUnbound,
  unassigned: judgeUnassigned,
  unseen: judgeUnseen,
  members: readMembers,
  brake: judgeWaiting,
  apply: applyWaiting,
  leave: applyLeaving,
  finish: finishRun,
  resolve: resolvePeople,
}
