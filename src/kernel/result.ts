/** Expected outcomes are values: a `Failure` carries a registered code and its evidence. */
export type Result<T, E> = Ok<T> | Err<E>
export type Ok<T> = { readonly ok: true; readonly value: T }
export type Err<E> = { readonly ok: false; readonly failure: E }

/** Wraps a success. */
export function ok<T>(value: T): Ok<T> {
  return { ok: true, value }
}

/** Wraps an expected failure; bugs and outages are thrown instead. */
export function err<E>(failure: E): Err<E> {
  return { ok: false, failure }
}
