/**
 * The S3 server of the tests, where there is one. The only reader of the S3_TEST_… variables.
 */
export interface S3TestServer {
  endpoint: string;
  accessKey: string;
  secretKey: string;
}

/** What to say in the name of a skipped test. */
export const S3_HINT = 'needs an S3 server: eval "$(bash scripts/ci/s3-server.sh start | sed \'s/^/export /\')"';

/** Undefined where no server was started; tests then skip with `S3_HINT` in their name. */
export function s3TestServer(): S3TestServer | undefined {
  const { S3_TEST_ENDPOINT: endpoint, S3_TEST_ACCESS_KEY: accessKey, S3_TEST_SECRET_KEY: secretKey } = process.env;
  return endpoint && accessKey && secretKey ? { endpoint, accessKey, secretKey } : undefined;
}
