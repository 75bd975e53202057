import {
  defineConfig,
  type TestProjectConfiguration,
  type TestProjectInlineConfiguration,
} from 'vitest/config'
import config from '../vitest.config.ts'

/** The usual projects of tests, each of which also notes which guards refuse. */
export default defineConfig({
  test: { projects: (config.test?.projects ?? []).map(recording) },
})

function recording(project: TestProjectConfiguration): TestProjectConfiguration {
  return isInline(project) ? withRecorder(project) : project
}

function isInline(project: TestProjectConfiguration): project is TestProjectInlineConfiguration {
  return typeof project === 'object' && 'test' in project
}

function withRecorder(project: TestProjectInlineConfiguration): TestProjectConfiguration {
  const usual = [project.test?.setupFiles ?? []].flat()
  const test = { ...project.test, setupFiles: ['tools/record-refusals.ts', ...usual] }
  return Object.assign({}, project, { test })
}
