import { entra } from './entra.ts'
import { google } from './google.ts'
import type { Guides } from './guide.ts'
import { keycloak } from './keycloak.ts'
import { okta } from './okta.ts'

/** Every guide. The Worker reads them from the file that is made of this (tools/gen-guides.ts). */
export const allGuides: Guides = { entra, okta, google, keycloak }
