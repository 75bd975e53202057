import type { Sections } from './requirement.ts'

export const cursorPagination: Sections = {
  '2': {
    title: 'Parameters and attributes',
    asks: {
      a: ['SHALL', 'takes a negative count by cursor as 0'],
      b: ['MUST NOT', 'returns no more than count by cursor'],
      c: ['MUST', 'gives nextCursor with every page but the last'],
      d: ['MUST', 'leaves nextCursor out only when there is no more'],
      e: ['MUST NOT', 'gives no previousCursor with the first page'],
    },
  },
  '2.1': {
    title: 'Errors',
    asks: { a: ['SHOULD', 'answers wrong parameters with a status and a detailed error'] },
  },
  '2.2': {
    title: 'Sorting',
    asks: { a: ['SHOULD', 'sorts pages by cursor too'] },
  },
  '2.4': {
    title: 'Default method',
    asks: {
      a: ['MUST', 'has a method for requests that name none'],
      b: ['MUST NOT', 'refuses no request because it names none'],
    },
  },
  '2.5': {
    title: 'Existing clients',
    asks: { a: ['SHOULD', 'keeps pages by index the default'] },
  },
  '4': {
    title: 'Configuration',
    asks: {
      a: ['SHOULD', 'tells about pagination in ServiceProviderConfig'],
      b: ['REQUIRED', 'says whether there are cursors'],
      c: ['REQUIRED', 'says whether there are indexes'],
    },
  },
  '5.2': {
    title: 'Confidentiality',
    asks: {
      a: ['MUST', 'shows through a cursor only what the client may read, whoever got it'],
      b: ['MUST', 'authorizes every page'],
      c: ['SHOULD', 'answers a cursor of another client without telling anything'],
    },
  },
  '5.3': {
    title: 'Integrity',
    asks: {
      a: [
        'SHOULD',
        'invalidates cursors when permissions change',
        'a cursor is only a place in a list, and every page is authorized anew',
      ],
    },
  },
}
