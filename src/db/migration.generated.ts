/** The newest migration that this code needs. Made by `npm run gen`; do not edit. */
export const newestMigration = '0003_events_by_request.sql'
