// Says how far browsers are to refuse plain HTTP, where the plan takes no policy that could.
const HSTS = __HSTS__;

function handler(event) {
  event.response.headers['strict-transport-security'] = { value: HSTS };
  return event.response;
}
