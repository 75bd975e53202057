/**
 * Stands in d3-format's place in the Worker (wrangler.toml): scales carry a maker of labels along, which nothing here
 * calls, since pages write their own. 5 KB of the bundle.
 */
function none(): never {
  throw new Error('Labels of scales are written by the page.')
}

export {
  none as format,
  none as formatPrefix,
  none as formatSpecifier,
  none as precisionFixed,
  none as precisionPrefix,
  none as precisionRound,
}
