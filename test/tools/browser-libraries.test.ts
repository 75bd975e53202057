import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { missingPackages } from '../../tools/browser-libraries.ts'

it('names the Debian packages whose libraries are missing, and only these', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-test-'))
  try {
    expect(missingPackages([folder])).toEqual(['libnss3', 'libnspr4', 'libexpat1'])
    writeFileSync(join(folder, 'libnspr4.so'), '')
    expect(missingPackages([folder, '/nowhere'])).toEqual(['libnss3', 'libexpat1'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
