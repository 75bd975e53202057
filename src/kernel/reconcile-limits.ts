/** The limits of reconciliation, with unit and reason. */
export const reconcileLimits = {
  /** The longest pause between two runs, in minutes: Graph's links end after seven days, so one day leaves room. */
  reconcileEveryMinutesMax: 24 * 60,
  /**
   * What one invocation may spend on reconciliation: requests to Graph, and statements of D1, of which the free plan
   * allows 50 each and the paid one 1,000; the rest is for housekeeping beside it.
   */
  reconcileBudget: {
    free: { statements: 38, subrequests: 36 },
    paid: { statements: 800, subrequests: 600 },
  },
  /** The most that one page of a run takes: what has to be left before it is begun. */
  reconcilePageStatements: 24,
  reconcilePageSubrequests: 12,
  /** How long a tick goes on, and how long what goes on behind an answer does: the platform ends that after 30 s. */
  reconcileTickMs: 45_000,
  reconcileBehindMs: 15_000,
  /** How long a run that died keeps its lease: longer than a tick and the slowest page after it. */
  reconcileLeaseMs: 3 * 60 * 1000,
  /** Users of one page of Graph that are judged and written at once: their views and profiles are one value of D1. */
  reconcileSlice: 200,
  /** Users who are read by id before what they state is written: three $batch, and as many for their managers. */
  reconcileByIdSlice: 60,
  /** People whom SCIM made since the last run and nobody bound, of whom a run reads the newest by name; the rest are a full read's. */
  reconcileUnbound: 600,
  /** Ids of a page of our own lists: one row below what D1 holds. */
  reconcileListSlice: 10_000,
  /** Memberships of one group that are changed at once. */
  reconcileMembersSlice: 2000,
  /** How often a page is judged anew because others changed its people, or the mapping, in between. */
  reconcileAttempts: 5,
  /** Tries of one step, and the pause after the first that failed; each further one is twice as long. */
  reconcileTries: 6,
  reconcileRetryMs: 60 * 1000,
  /** How exactly it is known when a difference was last found: it is written once a day at most. */
  reconcileSeenMs: 24 * 60 * 60 * 1000,
  /** How often one run begins reading anew because Graph forgot where it was. */
  reconcileRestarts: 3,
  /** How old a link of Graph is used, which are good for seven days, and how old the last full read may be. */
  reconcileLinkMs: 6 * 24 * 60 * 60 * 1000,
  reconcileFullMs: 7 * 24 * 60 * 60 * 1000,
  /** How long a run may take in all; whatever is in its way by then needs an admin. */
  reconcileRunMs: 3 * 24 * 60 * 60 * 1000,
  /** Runs that a tick begins because they are due, and runs that it goes on with. */
  reconcileDuePerTick: { free: 2, paid: 20 },
  reconcileRunsPerTick: 10,
  /** Days that runs are kept with what they found; what is still open stays. */
  reconcileRunDays: 90,
  /** People whom a tick erases after their retention, each with a batch of its own. */
  reconcileErasuresPerTick: 4,
  /** Pages that one run reads at most: a million users are ten thousand; a list that leads to itself ends here. */
  reconcilePages: 200_000,
} as const
