/**
 * A statement that nobody signed. It can refuse by differing from what has to be, and there is no way to
 * take it out and rely on it: an attacker would write into it whatever satisfies (CVE-2026-49284,
 * node-saml#433; rows W25, P09).
 */
export class RefuseOnly {
  readonly #value: string | null

  constructor(value: string | null) {
    this.#value = value
  }

  /** Whether something is stated that the test does not accept. What is not stated refuses nothing. */
  isRefusedBy(accepts: (value: string) => boolean): boolean {
    return this.#value !== null && !accepts(this.#value)
  }

  /** Whether something else than this is stated. */
  contradicts(expected: string | null): boolean {
    return this.isRefusedBy((value) => value === expected)
  }

  /** What is stated, for the evidence of a refusal. */
  get evidence(): string | null {
    return this.#value
  }
}
