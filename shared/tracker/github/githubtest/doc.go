// Package githubtest is a strict stand-in for GitHub's issues over HTTP. It knows
// the requests that Cutover makes and refuses the rest; it checks headers,
// parameters, bodies and sizes as the service does (and complains about what the
// service would swallow); it counts writes, keeps a rate limit, and calls in a
// Retry-After window are complaints too. On demand it fails: answers 429 or 500,
// hangs, or does the work and drops the reply; and its lists can lag.
package githubtest
