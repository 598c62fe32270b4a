// Answers every path from the active release: a page with the app, a file with that release's own.
// A path that names another release, or climbs out of this one, therefore finds nothing of it.
// A file is told by the end of its name: addresses of pages may have dots in them, too.
const RELEASE = __RELEASE__;
const FILES = __FILES__.split(' ');
const DOMAIN = __DOMAIN__;
const ALIASES = __ALIASES__;
const HSTS = __HSTS__;
const DOT_SEGMENT = /(^|\/)(\.|%2e){1,2}(\/|$)/i;

function handler(event) {
  const request = event.request;
  if (ALIASES.includes(request.headers.host.value.toLowerCase())) {
    return elsewhere(request);
  }
  const path = request.uri;
  const last = path.substring(path.lastIndexOf('/') + 1).toLowerCase().split('.');
  // CloudFront removes dot segments to choose the behaviour, but passes them on.
  const file = last.length > 1 && FILES.includes(last.pop()) && !DOT_SEGMENT.test(path);
  request.uri = '/releases/' + RELEASE + (file ? path : '/index.html');
  return request;
}

function elsewhere(request) {
  const query = request.rawQueryString();
  return {
    statusCode: 301,
    statusDescription: 'Moved Permanently',
    headers: {
      location: { value: 'https://' + DOMAIN + request.uri + (query ? '?' + query : '') },
      // Else a browser keeps it, and two names that are swapped lead in a circle.
      'cache-control': { value: 'no-cache' },
      // No function sees this answer again, and the preload list wants it of a redirect too.
      'strict-transport-security': { value: HSTS },
    },
  };
}
