/**
 * The system libraries that Chromium needs and npm cannot bring. Run as a program it prints the Debian
 * packages to install, one line, and ends with 1 when any is missing.
 */
import { existsSync, readdirSync } from 'node:fs'

const libraries = [
  { file: 'libnss3.so', aptPackage: 'libnss3' },
  { file: 'libnspr4.so', aptPackage: 'libnspr4' },
  { file: 'libexpat.so.1', aptPackage: 'libexpat1' },
] as const

/**
 * Debian packages whose library this machine lacks.
 * @param folders where the loader looks
 */
export function missingPackages(folders: readonly string[] = loaderFolders()): readonly string[] {
  return libraries
    .filter(({ file }) => !folders.some((folder) => existsSync(`${folder}/${file}`)))
    .map(({ aptPackage }) => aptPackage)
}

function loaderFolders(): readonly string[] {
  const roots = ['/lib', '/usr/lib', '/lib64', '/usr/lib64', '/usr/local/lib']
  const multiarch = roots.flatMap((root) =>
    existsSync(root)
      ? readdirSync(root)
          .filter((name) => name.endsWith('-linux-gnu'))
          .map((name) => `${root}/${name}`)
      : [],
  )
  return [
    ...roots,
    ...multiarch,
    ...(process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter(Boolean),
  ]
}

if (import.meta.main) {
  const missing = process.platform === 'linux' ? missingPackages() : []
  if (missing.length > 0) console.log(missing.join(' '))
  process.exit(missing.length === 0 ? 0 : 1)
}
