import { expect, test } from 'vitest'
import { createReferrers } from '#lib/enrich/referrer.ts'

const referrerOf = createReferrers()

// referrer, host of the hit → domain, kind
test.each([
  [null, 'example.com', null, 'direct'],
  ['https://www.google.com/', 'example.com', 'google.com', 'search'],
  ['https://www.google.co.uk/search?q=x', 'example.com', 'google.co.uk', 'search'],
  ['https://news.google.com/', null, 'news.google.com', 'search'],
  ['https://mail.google.com/mail/u/0/', null, 'mail.google.com', 'email'],
  ['https://docs.google.com/document/d/1', null, 'docs.google.com', 'link'],
  ['https://gemini.google.com/', null, 'gemini.google.com', 'ai'],
  ['https://storage.google.example/', null, 'storage.google.example', 'link'],
  ['https://google.example.com/', null, 'google.example.com', 'link'],
  ['https://notgoogle.com/', null, 'notgoogle.com', 'link'],
  ['https://duckduckgo.com', null, 'duckduckgo.com', 'search'],
  ['https://search.brave.com/search?q=a', null, 'search.brave.com', 'search'],
  ['https://de.search.yahoo.com/', null, 'de.search.yahoo.com', 'search'],
  ['https://yandex.com.tr/', null, 'yandex.com.tr', 'search'],
  ['https://news.ycombinator.com/item?id=1', null, 'news.ycombinator.com', 'social'],
  ['https://old.reddit.com/r/selfhosted/', null, 'old.reddit.com', 'social'],
  ['https://t.co/x1Y2z3', null, 't.co', 'social'],
  ['https://l.facebook.com/l.php?u=x', null, 'l.facebook.com', 'social'],
  ['https://mastodon.social/@a/1', null, 'mastodon.social', 'social'],
  ['https://lnkd.in/abc', null, 'lnkd.in', 'social'],
  ['https://chatgpt.com/', null, 'chatgpt.com', 'ai'],
  ['https://www.perplexity.ai/search', null, 'perplexity.ai', 'ai'],
  ['https://claude.ai/chat/1', null, 'claude.ai', 'ai'],
  ['https://copilot.microsoft.com/', null, 'copilot.microsoft.com', 'ai'],
  ['https://outlook.live.com/mail/', null, 'outlook.live.com', 'email'],
  ['https://webmail.example.org/', null, 'webmail.example.org', 'email'],
  ['https://github.com/a/b', null, 'github.com', 'link'],
  // Wrong results of the seed
  ['https://t3n.de/x', 'example.com', 't3n.de', 'link'],
  ['https://www.heise.de:8443/a', null, 'heise.de', 'link'],
  ['http://host.example', null, 'host.example', 'link'],
  ['HTTP://WWW.Example.ORG/Path', 'other.org', 'example.org', 'link'],
  // Ours
  ['https://example.com/pricing', 'www.example.com', 'example.com', 'internal'],
  ['https://www.example.com/', 'example.com:443', 'example.com', 'internal'],
  ['https://EXAMPLE.com./', 'example.com', 'example.com', 'internal'],
  ['https://blog.example.com/', 'example.com', 'blog.example.com', 'link'],
  ['https://www.google.com/', 'google.com', 'google.com', 'internal'],
  ['https://example.com/', null, 'example.com', 'link'],
  // Odd ones
  ['http://[2001:db8::1]:8080/a', null, '[2001:db8::1]', 'link'],
  ['http://192.0.2.7:3000/', null, '192.0.2.7', 'link'],
  ['http://localhost:5173/', null, 'localhost', 'link'],
  ['http://user:secret@example.org/', null, 'example.org', 'link'],
  [
    'android-app://com.google.android.googlequicksearchbox/',
    null,
    'com.google.android.googlequicksearchbox',
    'search'
  ],
  ['android-app://org.telegram.messenger', null, 'org.telegram.messenger', 'social'],
  ['https://xn--bcher-kva.example/', null, 'xn--bcher-kva.example', 'link'],
  ['https://bücher.example/', null, 'bücher.example', 'link'],
  ['example.net/page', null, 'example.net', 'link'],
  ['https://example.net?x=https://a.b/', null, 'example.net', 'link'],
  ['https://example.net\\@evil.example/', null, 'example.net', 'link'],
  ['about:blank', null, null, null],
  ['(null)', null, null, null],
  ['https://', null, null, null],
  ['https:///path', null, null, null],
  ['https://a\'b" onload=x/', null, null, null],
  ['${jndi:ldap://198.51.100.9/a}', null, null, null],
  ['x'.repeat(5000), null, null, null]
])('%s on %s', (referrer, host, domain, kind) => {
  const want = { referrer_domain: domain, referrer_kind: kind }
  expect(referrerOf(referrer, host)).toEqual(want)
  expect(referrerOf(referrer, host)).toEqual(want)
})
