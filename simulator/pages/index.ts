/**
 * Owns the look of every page: layout, style, and the form controls that several pages share.
 * Does not own any page's content. Called by sign-in/, my-apps/ and portal/.
 */
export { CheckField, SelectField, TextAreaField, TextField } from './fields.tsx'
export { Layout } from './layout.tsx'
