import { createKeyPair, type KeyPair } from '../keys/index.ts'
import { numberIn, type Sql, textIn } from './sql.ts'

/** A signing certificate of an application with its key. One is active; others wait in the metadata. */
export type Certificate = KeyPair & { readonly isActive: boolean; readonly createdAtMs: number }

export type CertificateValidity = { readonly notBeforeMs: number; readonly notAfterMs: number }

const dayMs = 86_400_000

/** The tenant's own keys: what metadata without `appid` shows. No application signs with them. */
const tenantOwner = ''

/** Makes a certificate: for three years from now unless told otherwise. It is not stored yet. */
export function createCertificate(
  nowMs: number,
  validity?: Partial<CertificateValidity>,
): Promise<KeyPair> {
  return createKeyPair({
    commonName: 'Microsoft Azure Federated SSO Certificate',
    notBeforeMs: validity?.notBeforeMs ?? nowMs - 5 * 60_000,
    notAfterMs: validity?.notAfterMs ?? nowMs + 3 * 365 * dayMs,
  })
}

/** Stores a certificate as inactive, unless it is the first. */
export function addCertificate(sql: Sql, appId: string, pair: KeyPair, nowMs: number): Certificate {
  const isActive = listCertificates(sql, appId).length === 0
  sql.all(
    'INSERT INTO certificates (app_id, thumbprint, is_active, created_at, doc) VALUES (?, ?, ?, ?, ?)',
    appId,
    pair.thumbprint,
    isActive ? 1 : 0,
    nowMs,
    JSON.stringify(pair),
  )
  return { ...pair, isActive, createdAtMs: nowMs }
}

/** The active certificate first, then the newest. */
export function listCertificates(sql: Sql, appId: string): readonly Certificate[] {
  return sql
    .all(
      `SELECT is_active, created_at, doc FROM certificates WHERE app_id = ?
        ORDER BY is_active DESC, created_at DESC, thumbprint`,
      appId,
    )
    .map((row) => {
      const pair: KeyPair = JSON.parse(textIn(row, 'doc'))
      return {
        ...pair,
        isActive: numberIn(row, 'is_active') === 1,
        createdAtMs: numberIn(row, 'created_at'),
      }
    })
}

/** Makes a certificate the one that signs. @returns false when there is none with this thumbprint */
export function activateCertificate(sql: Sql, appId: string, thumbprint: string): boolean {
  if (!listCertificates(sql, appId).some((one) => one.thumbprint === thumbprint)) return false
  sql.all(
    'UPDATE certificates SET is_active = (thumbprint = ?) WHERE app_id = ?',
    thumbprint,
    appId,
  )
  return true
}

export function deleteCertificate(sql: Sql, appId: string, thumbprint: string): void {
  sql.all('DELETE FROM certificates WHERE app_id = ? AND thumbprint = ?', appId, thumbprint)
}

/**
 * The certificate to sign with. When the active one has expired and a valid inactive one is there, Entra
 * switches by itself.
 * @returns null when the application has none
 */
export function activeCertificate(sql: Sql, appId: string, nowMs: number): Certificate | null {
  const all = listCertificates(sql, appId)
  const active = all.find(({ isActive }) => isActive) ?? null
  if (active !== null && nowMs < active.notAfterMs) return active
  const next = all.find((one) => one.notBeforeMs <= nowMs && nowMs < one.notAfterMs)
  if (next === undefined) return active
  activateCertificate(sql, appId, next.thumbprint)
  return { ...next, isActive: true }
}

/** The tenant's keys; made when they are first asked for. */
export async function tenantKeys(sql: Sql, nowMs: number): Promise<readonly Certificate[]> {
  const found = listCertificates(sql, tenantOwner)
  if (found.length > 0) return found
  const request = { notBeforeMs: nowMs - dayMs, notAfterMs: nowMs + 5 * 365 * dayMs }
  const pair = await createKeyPair({ commonName: 'accounts.accesscontrol.windows.net', ...request })
  addCertificate(sql, tenantOwner, pair, nowMs)
  return listCertificates(sql, tenantOwner)
}

/** Makes another key the one the tenant signs with; the others stay published unless they are to go. */
export async function rotateTenantKey(
  sql: Sql,
  nowMs: number,
  { removeOthers }: { readonly removeOthers: boolean },
): Promise<void> {
  const before = await tenantKeys(sql, nowMs)
  const request = { notBeforeMs: nowMs - dayMs, notAfterMs: nowMs + 5 * 365 * dayMs }
  const pair = await createKeyPair({ commonName: 'accounts.accesscontrol.windows.net', ...request })
  addCertificate(sql, tenantOwner, pair, nowMs)
  activateCertificate(sql, tenantOwner, pair.thumbprint)
  if (removeOthers) {
    for (const { thumbprint } of before) deleteCertificate(sql, tenantOwner, thumbprint)
  }
}
