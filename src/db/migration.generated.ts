/** The newest migration that this code needs. Made by `npm run gen`; do not edit. */
export const newestMigration = '0006_console.sql'
