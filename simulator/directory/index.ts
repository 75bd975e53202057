/**
 * Owns the tenant's data and its tables: users, groups, applications, assignments, signing certificates,
 * settings, browser sessions, unfinished sign-ins and the sign-in log, and what a fresh tenant holds.
 * Does not own SAML (saml/) or how things are shown (portal/, sign-in/, my-apps/, api/).
 * Called by all of these, and by provisioning/ and graph/, which keep their own rows in these tables, too.
 */

export {
  type App,
  type AppRole,
  type ClaimRule,
  defaultClaims,
  type EncryptionCertificate,
  newApp,
  type ValueSource,
} from './app-model.ts'
export {
  deleteApp,
  findApp,
  findAppByIdentifier,
  findIdentifierConflict,
  listApps,
  saveApp,
} from './apps.ts'
export {
  type Assignment,
  assign,
  isAssigned,
  listAssignments,
  replaceAssignments,
  rolesOf,
  unassign,
} from './assignments.ts'
export {
  activateCertificate,
  activeCertificate,
  addCertificate,
  type Certificate,
  createCertificate,
  deleteCertificate,
  listCertificates,
  rotateTenantKey,
  tenantKeys,
} from './certificates.ts'
export { changesUntil, type DirectoryChanges, lastChange } from './changes.ts'
export { type Crowd, makeCrowd } from './crowd.ts'
export {
  type DeletedUser,
  deleteUser,
  findDeletedUser,
  listDeletedUsers,
  purgeUser,
  restoreUser,
} from './deleted-users.ts'
export { type Flow, loadFlow, saveFlow } from './flows.ts'
export {
  addMember,
  deleteGroup,
  findGroup,
  type Group,
  listGroups,
  listMembers,
  removeMember,
  saveGroup,
  transitiveGroups,
} from './groups.ts'
export { migrate } from './schema.ts'
export { seedTenant, startTenant } from './seed.ts'
export {
  endAccount,
  listAccounts,
  listParticipants,
  type Participant,
  recordParticipant,
  type SessionAccount,
  startAccount,
} from './sessions.ts'
export { loadSettings, type Settings, saveSettings } from './settings.ts'
export { listSignIns, recordSignIn, type SignInRecord } from './sign-in-log.ts'
export { documentIn, numberIn, type Sql, type SqlRow, type SqlValue, textIn } from './sql.ts'
export { homeTenant, ownsDomain, resolveTenant, tenant } from './tenant.ts'
export { tidy } from './tidy.ts'
export {
  historyOf,
  lastUserChange,
  presentUsers,
  type ReadScope,
  type ReadUser,
  readChangedUsers,
  readUsers,
  type UserHistory,
} from './user-changes.ts'
export {
  type EmployeeOrgData,
  type ExtensionValue,
  findUser,
  findUserBySignInName,
  listUsers,
  newUser,
  saveUser,
  type User,
  userIn,
} from './users.ts'
