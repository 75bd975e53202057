/** The newest migration that this code needs. Made by `npm run gen`; do not edit. */
export const newestMigration = '0001_slo_response_url.sql'
