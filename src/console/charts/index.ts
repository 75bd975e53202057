/** Owns charts: their geometry and how they are drawn, as SVG without scripts. Called by the pages of the console. */
export * from './charts.tsx'
