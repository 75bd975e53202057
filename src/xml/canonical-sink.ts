/** Takes the canonical form piece by piece. */
export type Sink = {
  /** Whether it wants no more. */
  readonly isDone: boolean
  write(piece: string): void
}

/** Keeps what is written, up to a length: done when there is more. */
export class Collected implements Sink {
  readonly #maxLength: number
  #text = ''

  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  get isDone(): boolean {
    return this.#text.length > this.#maxLength
  }

  write(piece: string): void {
    this.#text += piece
  }

  get text(): string {
    return this.#text
  }
}

/** Compares what is written with a text: done where they differ. */
export class Compared implements Sink {
  readonly #text: string
  #at = 0
  isDone = false

  constructor(text: string) {
    this.#text = text
  }

  /** Whether the text is all that was written. */
  get isWhole(): boolean {
    return !this.isDone && this.#at === this.#text.length
  }

  write(piece: string): void {
    if (this.#text.startsWith(piece, this.#at)) this.#at += piece.length
    else this.isDone = true
  }
}
