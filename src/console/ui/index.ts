/** Owns what all pages are made of. Holds no logic. Called by the pages of the console. */
export * from './forms.tsx'
export * from './parts.tsx'
