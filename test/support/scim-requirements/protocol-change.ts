import type { Sections } from './requirement.ts'

const immutable =
  'only the parts of a member are immutable, and a PUT names members: another id is another member'

export const protocolChange: Sections = {
  '3.5': {
    title: 'Modifying resources',
    asks: {
      a: ['MUST', 'supports PUT'],
      b: ['SHOULD', 'supports PATCH'],
    },
  },
  '3.5.1': {
    title: 'Replacing with PUT',
    asks: {
      a: ['MUST NOT', 'answers 404 to a PUT on nothing, and creates nothing'],
      b: ['SHALL', 'replaces the values of writable attributes'],
      c: ['SHALL', 'removes writable attributes that the PUT leaves out'],
      d: ['MUST', 'compares immutable attributes with those that are set', immutable],
      e: ['SHOULD', 'refuses to change an immutable attribute with mutability', immutable],
      f: ['SHALL', 'sets an immutable attribute that had no value'],
      g: ['SHALL', 'ignores read-only attributes of a PUT'],
      h: ['MUST', 'refuses a PUT without a required attribute'],
    },
  },
  '3.5.2': {
    title: 'Modifying with PATCH',
    asks: {
      a: ['MUST', 'reads the message that PatchOp identifies'],
      b: ['MUST', 'refuses a PATCH without Operations'],
      c: ['MUST', 'refuses an operation without exactly one known op'],
      d: ['REQUIRED', 'refuses a remove without path'],
      e: ['MUST', 'refuses to change what is read-only'],
      f: ['SHALL', 'says in an error what did not fit the schema'],
      g: ['SHALL', 'takes the schemas of the resource for granted'],
      h: ['SHALL', 'names an extension in schemas once an operation has used it'],
      i: ['SHALL', 'makes other values not primary when one becomes primary'],
      j: ['SHALL', 'applies a PATCH whole or not at all'],
      k: ['MUST', 'leaves the resource as it was when an operation fails'],
      l: ['SHALL', 'answers a PATCH that failed with a failure'],
      m: ['SHALL', 'gives the error of a PATCH in JSON'],
      n: ['MUST', 'answers a PATCH with 200 and the resource, or with 204'],
      o: ['MUST', 'answers 200 when attributes are asked for'],
    },
  },
  '3.5.2.1': {
    title: 'Add',
    asks: {
      a: ['MUST', 'refuses an add without value'],
      b: ['SHALL', 'adds sub-attributes of a complex attribute'],
      c: ['SHOULD', 'changes nothing when the value is there already'],
      d: ['SHOULD', 'calls adding what is there already a success'],
      e: ['SHALL NOT', 'does not touch lastModified then'],
    },
  },
  '3.5.2.2': {
    title: 'Remove',
    asks: {
      a: ['SHALL', 'leaves a removed single value unassigned'],
      b: ['SHALL', 'leaves a removed list unassigned'],
      c: ['SHALL', 'leaves a list unassigned when its last value is removed by a filter'],
      d: ['SHALL', 'leaves removed sub-attributes unassigned'],
      e: ['SHALL', 'leaves a complex list unassigned when no record remains'],
      f: ['SHALL', 'refuses to remove what is required or read-only with mutability'],
    },
  },
  '3.5.2.3': {
    title: 'Replace',
    asks: {
      a: ['SHALL', 'replaces the attributes in value when there is no path'],
      b: ['SHALL', 'adds what is to be replaced and does not exist'],
      c: ['SHALL', 'replaces only the sub-attributes that are named'],
      d: ['SHALL', 'replaces every value that a filter selects'],
      e: ['SHALL', 'answers noTarget when a filter selects nothing'],
    },
  },
  '3.6': {
    title: 'Deleting resources',
    asks: {
      a: ['MUST', 'answers 404 to every operation on a deleted resource'],
      b: ['MUST', 'leaves deleted resources out of queries'],
      c: ['SHOULD NOT', 'does not count deleted resources as conflicts'],
      d: ['SHOULD NOT', 'lets the userName of a deleted user be used again'],
      e: ['SHALL', 'answers a deletion with 204'],
    },
  },
  '3.7': {
    title: 'Bulk',
    asks: {
      a: ['REQUIRED', 'refuses a Bulk without Operations'],
      b: ['REQUIRED', 'refuses a Bulk operation without method'],
      c: ['REQUIRED', 'refuses a POST in a Bulk without bulkId'],
      d: ['REQUIRED', 'refuses a Bulk operation without path'],
      e: ['REQUIRED', 'refuses a POST, PUT or PATCH in a Bulk without data'],
      f: ['REQUIRED', 'gives a location for every operation but a failed POST'],
      g: ['MUST', 'gives the response of an operation that failed'],
      h: ['MUST', 'gives the error of an operation in its response'],
      i: ['MUST', 'answers a Bulk that was carried out with 200'],
      j: ['MUST', 'answers a Bulk that was not with an error'],
      k: ['MUST', 'goes on after an operation that failed'],
      l: ['MUST', 'returns the bulkId with what was created'],
      m: ['MUST', 'keeps the result the same when it changes the order'],
    },
  },
  '3.7.1': {
    title: 'Circular references',
    asks: { a: ['MUST', 'resolves references in a circle'] },
  },
  '3.7.2': {
    title: 'bulkId',
    asks: {
      a: ['MUST', 'replaces bulkId references by ids'],
      b: ['MUST', 'replaces them in extensions too'],
    },
  },
  '3.7.3': {
    title: 'Responses of a Bulk',
    asks: {
      a: ['MUST', 'gives the result of every operation'],
      b: ['MUST', 'gives the location of whatever an operation was about'],
      c: ['MUST', 'gives the status that a single request would have had'],
      d: ['MUST', 'explains an error in words'],
    },
  },
  '3.7.4': {
    title: 'Limits of a Bulk',
    asks: {
      a: ['MUST', 'has limits on operations and size'],
      b: ['MUST', 'answers 413 beyond a limit'],
      c: ['MUST', 'names the limit'],
    },
  },
}
