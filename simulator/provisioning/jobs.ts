import { documentIn, type Sql, textIn } from '../directory/index.ts'
import { freshState, type Job, type JobState, newJob } from './job-model.ts'

/** An application's job with its state; null when provisioning was never set up. */
export function loadJob(
  sql: Sql,
  appId: string,
): { readonly job: Job; readonly state: JobState } | null {
  const [row] = sql.all('SELECT doc, state FROM provisioning_jobs WHERE app_id = ?', appId)
  if (row === undefined) return null
  return {
    job: documentIn(row, newJob(appId)),
    state: { ...freshState, ...JSON.parse(textIn(row, 'state')) },
  }
}

/** Writes the settings; the state stays. */
export function saveJob(sql: Sql, job: Job): void {
  sql.all(
    `INSERT INTO provisioning_jobs (app_id, doc, state) VALUES (?, ?, ?)
      ON CONFLICT (app_id) DO UPDATE SET doc = excluded.doc`,
    job.appId,
    JSON.stringify(job),
    JSON.stringify(freshState),
  )
}

/** Changes parts of the state. */
export function changeState(sql: Sql, appId: string, change: Partial<JobState>): void {
  const found = loadJob(sql, appId)
  if (found === null) return
  sql.all(
    'UPDATE provisioning_jobs SET state = ? WHERE app_id = ?',
    JSON.stringify({ ...found.state, ...change }),
    appId,
  )
}

/** Makes the next cycle an initial one. */
export function resetWatermark(sql: Sql, appId: string): void {
  const epoch = (loadJob(sql, appId)?.state.epoch ?? 0) + 1
  changeState(sql, appId, { watermark: null, epoch })
}

/** Removes a job with everything that it knows. */
export function deleteJob(sql: Sql, appId: string): void {
  sql.transaction(() => {
    for (const table of ['jobs', 'links', 'members', 'retries', 'log']) {
      sql.all(`DELETE FROM provisioning_${table} WHERE app_id = ?`, appId)
    }
  })
}

/** The applications that have a job. */
export function listJobApps(sql: Sql): readonly string[] {
  return sql
    .all('SELECT app_id FROM provisioning_jobs ORDER BY app_id')
    .map((row) => textIn(row, 'app_id'))
}
