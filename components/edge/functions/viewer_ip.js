// Says who asks, whatever the client sent under that name: the origins see CloudFront's address.
const HEADER = __HEADER__;

function handler(event) {
  const request = event.request;
  request.headers[HEADER] = { value: event.viewer.ip };
  return request;
}
