/** Runs `work` while this process alone, of all that ask for `key`, holds a session lock on the server. */
import pg from 'pg';

export async function withAdvisoryLock<T>(
  url: string,
  key: number,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'paperwright-lock' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [key]);
    return await work(client);
  } finally {
    await client.end(); // the lock goes with the session
  }
}
