import type { Sections } from './requirement.ts'

export const protocolQuery: Sections = {
  '3.4.2': {
    title: 'Queries',
    asks: {
      a: ['SHOULD', 'ignores query parameters that it does not know'],
      b: ['MUST', 'marks a list with the URI of ListResponse'],
      c: ['REQUIRED', 'gives totalResults'],
      d: ['REQUIRED', 'gives Resources when there are any'],
      e: ['REQUIRED', 'gives startIndex with a page'],
      f: ['REQUIRED', 'gives itemsPerPage with a page'],
      g: ['SHALL', 'answers 200 and totalResults 0 when nothing matches'],
    },
  },
  '3.4.2.1': {
    title: 'Query endpoints',
    asks: {
      a: ['SHALL', 'includes every resource in a query of the base URI'],
      b: ['SHALL', 'refuses too many results with 400 and tooMany'],
      c: ['MUST', 'filters resources of several types by the same rules'],
      d: ['SHALL', 'takes an attribute that a type does not have as one without a value'],
    },
  },
  '3.4.2.2': {
    title: 'Filtering',
    asks: {
      a: ['SHALL', 'returns only what matches'],
      b: ['MUST', 'refuses a filter without an expression'],
      c: ['MUST', 'refuses an expression without attribute or operator'],
      d: ['SHALL', 'refuses gt on booleans and binaries with invalidFilter'],
      e: ['SHALL', 'refuses ge on booleans and binaries with invalidFilter'],
      f: ['SHALL', 'refuses lt on booleans and binaries with invalidFilter'],
      g: ['SHALL', 'refuses le on booleans and binaries with invalidFilter'],
      h: ['MUST', 'applies a filter in brackets to one value at a time'],
      i: ['MUST', 'refuses brackets without a valid filter on sub-attributes'],
      j: ['MUST', 'reads the whole grammar of filters'],
      k: ['MUST', 'evaluates groups first, then not, and, or'],
      l: ['MUST', 'finds a sub-attribute by its full name'],
      m: ['SHALL', 'compares a defaulted attribute by the value it returned'],
      n: ['MUST', 'refuses an unknown operator with 400 and invalidFilter'],
      o: ['SHALL', 'compares strings by caseExact'],
    },
  },
  '3.4.2.3': {
    title: 'Sorting',
    asks: {
      a: ['SHALL', 'orders by the attribute in sortBy'],
      b: ['SHALL', 'sorts ascending when no order is named'],
      c: ['MUST', 'sorts by the type of the attribute, without case where case does not count'],
    },
  },
  '3.4.2.4': {
    title: 'Pagination',
    asks: {
      a: ['SHALL', 'takes a startIndex below 1 as 1'],
      b: ['SHALL', 'takes a negative count as 0'],
      c: ['MUST NOT', 'returns no more than count'],
    },
  },
  '3.4.2.5': {
    title: 'Attributes',
    asks: {
      a: ['SHALL', 'returns what the two parameters ask for'],
      b: ['MUST', 'supports attributes and excludedAttributes'],
      c: ['MUST', 'reads attributes in the standard notation'],
      d: ['SHALL', 'excludes nothing that is always returned'],
      e: ['MUST', 'reads excludedAttributes in the standard notation'],
    },
  },
  '3.4.3': {
    title: 'Queries by POST',
    asks: {
      a: ['SHALL', 'takes a POST to .search as a query'],
      b: ['MUST', 'wants the URI of SearchRequest'],
      c: ['MUST', 'reads attributes of a search in the standard notation'],
      d: ['SHALL', 'excludes nothing from a search that is always returned'],
      e: ['MUST', 'reads excludedAttributes of a search in the standard notation'],
      f: ['MUST', 'refuses an invalid filter of a search'],
      g: ['SHALL', 'orders a search by sortBy'],
      h: ['MUST', 'reads sortBy of a search in the standard notation'],
    },
  },
}
