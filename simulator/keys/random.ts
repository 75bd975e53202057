export function uuid(): string {
  return crypto.randomUUID()
}

/** An ID of a message as Entra makes them: an underscore, so that it may be an XML name, and a GUID. */
export function samlId(): string {
  return `_${crypto.randomUUID()}`
}
