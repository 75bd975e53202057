/** Stands in `#guides`' place in the Worker, which reads the guides from a file (src/console/setup/guides.ts). */
export const allGuides = null
