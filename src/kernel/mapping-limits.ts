/** The part of `limits` that bounds what an organization says of its attributes. */
export const mappingLimits = {
  /** Characters of one expression of a mapping: the most that Entra takes. */
  expressionLength: 10_000,
  /** Calls inside calls, and attributes, constants, comparisons and calls together. */
  expressionDepth: 32,
  expressionNodes: 1000,
  /** Work of one evaluation: one for each part, each item of a list and each 16 characters: a few milliseconds at the very worst, microseconds as a rule. */
  expressionSteps: 10_000,
  /** Work of all expressions of one person together: a page has 200 people, and an invocation a few seconds of CPU. */
  profileSteps: 30_000,
  /** Characters of a value on its way, items of a list together, and how many items: a profile holds far less. */
  expressionValueLength: 16 * 1024,
  expressionItems: 1000,
  /** Characters that are searched for: the work is that many times the text's, at worst. */
  expressionSearchLength: 256,
  /** Names that one source's rule of an attribute tries, and characters of one. */
  mappingNames: 20,
  mappingNameLength: 256,
  /** Problems that one answer about a mapping tells. */
  mappingProblems: 50,
  /** Characters of what a mapping says otherwise than the default one: it is read along with every sign-in. */
  mappingLength: 128 * 1024,
  /** Characters of all values of a profile: an expression makes much of little, and a row of D1 has 2,000,000 bytes, of which a character takes up to six. */
  profileLength: 128 * 1024,
  /** Characters of an attribute's default as JSON: those of all attributes are read along with every sign-in. */
  attributeDefaultLength: 2048,
  /** People among whom those with a value of an attribute are counted: each is a row read. */
  attributeUsePeople: 10_000,
  /** People on whom a change of an attribute's type is tried: each is resolved twice. */
  attributeChangePeople: 200,
  /** People whom one preview of a mapping shows, with all that is known of each before and after. */
  previewPeople: 50,
} as const
