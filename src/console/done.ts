/** What a page says after a form did its work: the key goes in the address, the sentence stands here. */
export const done: Readonly<Record<string, string>> = {
  saved: 'Saved.',
  created: 'Created.',
  deleted: 'Deleted.',
  revoked: 'Revoked.',
  checked: 'Checked.',
  verified: 'The domain is proved.',
  mapping_saved: 'Saved. Everybody’s profile is being made anew.',
  started: 'Started.',
  signed_out: 'You are signed out of the console.',
  unchanged: 'Nothing was changed: it is so already.',
}
