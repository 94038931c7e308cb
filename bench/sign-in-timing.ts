/**
 * Whether the time of a refused sign-in tells if there is such an account: an address that nobody has, an account with a
 * wrong password, and one that has no password at all (it came with Google), asked in turn of the API as it really runs.
 *
 * Each attempt is of another account and comes from another network, as a botnet's would, so that no limit on guessing is in
 * the way. Two figures each: the ratio of the medians, and how well the time tells the one kind from the other.
 */
import { hashPassword } from '../src/identity/accounts/password.js';
import { newId } from '../src/platform/ids.js';
import { type ApiProcess, startApi } from './support/api-process.js';
import { auc } from './support/auc.js';
import { type BenchDatabase, openBenchDatabase } from './support/bench-database.js';
import { median, quantile } from './support/quantile.js';
import type { Measurement, Size } from './support/report.js';

const SIZES = { full: { rounds: 600, warmUp: 20 }, smoke: { rounds: 5, warmUp: 1 } };
const KINDS = ['unknown', 'wrong', 'passwordless'] as const;
type Kind = (typeof KINDS)[number];

const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }';
const PASSWORD = 'the password of all of them';
const GUESS = 'a guess of the same length…';

export async function measureSignInTiming(size: Size): Promise<Measurement[]> {
  const { rounds, warmUp } = SIZES[size];
  const bench = await openBenchDatabase(4);
  const api = await startApi(bench, { TRUSTED_PROXIES: '127.0.0.1' });
  try {
    const addresses = await openAccounts(bench, rounds + warmUp);
    const times: Record<Kind, number[]> = { unknown: [], wrong: [], passwordless: [] };
    let network = 0;
    for (let round = 0; round < rounds + warmUp; round++) {
      for (let turn = 0; turn < KINDS.length; turn++) {
        const kind = KINDS[(round + turn) % KINDS.length] as Kind; // each comes after each other one as often
        const ms = await refusedIn(api, addresses[kind][round] ?? '', network++);
        if (round >= warmUp) times[kind].push(ms);
      }
    }
    return [
      ...compare('an unknown address', times.unknown, times.wrong),
      ...compare('an account without a password', times.passwordless, times.wrong),
    ];
  } finally {
    await api.stop();
    await bench.close();
  }
}

function compare(what: string, ours: readonly number[], wrong: readonly number[]): Measurement[] {
  const [of, baseline] = [median(ours), median(wrong)];
  const tells = auc(ours, wrong);
  const rounds = ours.length;
  return [
    {
      what: `time of a refused sign-in, ${what}`,
      ours: `${of.toFixed(2)} ms (p5 ${fastest(ours)})`,
      baseline: `a wrong password: ${baseline.toFixed(2)} ms (p5 ${fastest(wrong)})`,
      ratio: of / baseline,
      wanted: '0.95 to 1.05',
      rounds,
    },
    {
      what: `how well that time tells ${what}`,
      ours: `area under the ROC curve ${tells.toFixed(3)}`,
      baseline: 'a coin: 0.5',
      ratio: tells,
      wanted: '0.45 to 0.55',
      rounds,
    },
  ];
}

/** What a busy machine disturbs least, and a patient stranger goes by. */
const fastest = (times: readonly number[]): string => quantile(times, 0.05).toFixed(2);

/** As many of each kind, all of them members of the one tenant; none of the unknown. Addresses are as long. */
async function openAccounts({ admin, actor }: BenchDatabase, count: number): Promise<Record<Kind, string[]>> {
  const hash = await hashPassword(PASSWORD);
  const addresses = () => Array.from({ length: count }, () => `${newId()}@example.org`);
  const all = { unknown: addresses(), wrong: addresses(), passwordless: addresses() };
  for (const [kind, stored] of [
    ['wrong', hash],
    ['passwordless', null],
  ] as const) {
    await admin.query(
      `with made as (
         insert into users (id, email, display_name, password_hash)
         select gen_random_uuid(), address, 'Member', $2 from unnest($1::text[]) address returning id)
       insert into memberships (id, tenant_id, user_id, roles) select gen_random_uuid(), $3, made.id, '{VIEWER}' from made`,
      [all[kind], stored, actor.tenantId],
    );
  }
  await admin.query('analyze');
  return all;
}

/** In ms, from the request to the end of the answer. Throws when it is another answer than every refusal is. */
async function refusedIn({ url }: ApiProcess, email: string, network: number): Promise<number> {
  const body = JSON.stringify({ query: SIGN_IN, variables: { input: { email, password: GUESS } } });
  const from = `10.${network >> 16}.${(network >> 8) & 255}.${network & 255}`;
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': from };
  const began = performance.now();
  const answer = await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).text();
  const ms = performance.now() - began;
  if (!answer.includes('The e-mail address or the password is wrong.')) throw new Error(`It was answered: ${answer}`);
  return ms;
}
