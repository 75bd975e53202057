import { encode } from 'uqr'

/** Dark modules in a row as one rectangle each: a path a third as long as one of squares. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
  const parts: string[] = []
  for (const [y, row] of rows.entries()) {
    let x = 0
    while (x < row.length) {
      const start = x
      while (x < row.length && row[x] === true) x++
      if (x > start) parts.push(`M${start} ${y}h${x - start}v1H${start}z`)
      else x++
    }
  }
  return parts.join('')
}

/** An address as a QR code, dark on light whatever the colours of the page, since cameras expect that. */
export function QrCode({ label, value }: { readonly label: string; readonly value: string }) {
  const { data, size } = encode(value, { border: 3, ecc: 'M' })
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={pathOf(data)} fill="#000" />
    </svg>
  )
}
