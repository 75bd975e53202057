import { describe } from 'vitest'
import { describeScenarios } from './scenario-table.ts'
import { openTenantWorld } from './tenant-world.ts'

describe('the plan, over a tenant of the simulator', () => {
  describeScenarios(openTenantWorld)
})
