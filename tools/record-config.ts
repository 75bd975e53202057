import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import config from '../vitest.config.ts'

/** The usual projects of tests, each of which also notes which guards refuse. */
export default defineConfig({
  test: { projects: (config.test?.projects ?? []).map(recording) },
})

function recording(project: TestProjectConfiguration): TestProjectConfiguration {
  if (typeof project !== 'object' || !('test' in project)) return project
  const usual = [project.test?.setupFiles ?? []].flat()
  return {
    ...project,
    test: { ...project.test, setupFiles: ['tools/record-refusals.ts', ...usual] },
  }
}
