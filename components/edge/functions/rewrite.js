// Answers every path from the active release: a page with the app, a file with that release's own.
// A path that names another release, or climbs out of this one, therefore finds nothing of it.
// Pages of the app have no dot in their last segment; with one it is taken for a file.
const RELEASE = __RELEASE__;
const DOT_SEGMENT = /(^|\/)(\.|%2e){1,2}(\/|$)/i;

function handler(event) {
  const request = event.request;
  const path = request.uri;
  const last = path.substring(path.lastIndexOf('/') + 1);
  // CloudFront removes dot segments to choose the behaviour, but passes them on.
  const file = last.includes('.') && !DOT_SEGMENT.test(path);
  request.uri = '/releases/' + RELEASE + (file ? path : '/index.html');
  return request;
}
