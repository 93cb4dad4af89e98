// Package slacktest is a strict stand-in for the few methods of Slack's Web API
// that Cutover calls: auth.test, chat.postMessage, chat.update,
// conversations.history, conversations.replies and conversations.list. It checks
// header, parameters, blocks and metadata as the service does, and complains to the
// test about what the service would swallow: unknown parameters, a token in a body,
// calls before a Retry-After is over.
//
// Channels have a rate limit of one post per second. On demand it fails: answers
// 429, 500 or an error code, hangs, or does the work and drops the reply; and its
// histories can lag. It keeps everything posted, and a log of the calls.
package slacktest
