// Sets the content security policy, and how far browsers are to refuse plain HTTP. It does not run
// for origin errors, which carry no page.
const HEADER = __HEADER__;
const POLICY = __POLICY__;
const HSTS = __HSTS__;

function handler(event) {
  const response = event.response;
  const headers = response.headers;
  headers[HEADER] = { value: POLICY.replace('{host}', event.request.headers.host.value) };
  headers['strict-transport-security'] = { value: HSTS };
  // Without it a browser guesses from the file's age how long to keep it. Not on a 304, whose
  // headers the browser would put over those it has.
  if (response.statusCode === 200 && !headers['cache-control']) {
    headers['cache-control'] = { value: 'no-cache' };
  }
  return response;
}
