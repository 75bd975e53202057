import { describe } from 'vitest'
import '../support/search-keys-hold.ts'
import { describeScenarios } from '../../reconcile/scenario-table.ts'
import { openEngineWorld } from './engine-world.ts'

describe('the engine, over a tenant of the simulator', () => {
  describeScenarios(openEngineWorld)
})
