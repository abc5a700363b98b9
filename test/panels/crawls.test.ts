import { expect, test } from 'vitest'
import { exchangesOf, type Part } from '../../src/lib/panels/bots/crawls.ts'

const crawl = (name: string, requests: number): Part => ({
  part: 'crawl',
  name,
  requests,
  pages: requests,
  bytes: 10 * requests,
  visitors: 0
})
const sent = (name: string, visitors: number): Part => ({
  part: 'sent',
  name,
  requests: 0,
  pages: 0,
  bytes: 0,
  visitors
})

test('what the crawlers of an operator took stands beside the visitors that its sites sent', () => {
  const exchanges = exchangesOf([
    crawl('GPTBot', 900),
    crawl('ChatGPT-User', 100),
    crawl('Googlebot', 300),
    crawl('ClaudeBot', 50),
    crawl('UptimeRobot', 5_000),
    crawl('a name that nobody knows', 10),
    sent('chatgpt.com', 4),
    sent('google.com', 20),
    sent('google.co.uk', 5),
    sent('news.google.de', 5),
    sent('notgoogle.com', 1_000),
    sent('example.org', 1_000)
  ])
  expect(exchanges.map(({ operator, requests, visitors }) => [operator, requests, visitors])).toEqual([
    ['OpenAI', 1_000, 4],
    ['Google', 300, 30],
    ['Anthropic', 50, 0]
  ])
  expect(exchanges[0]!.bots).toEqual(['GPTBot', 'ChatGPT-User'])
  expect(exchanges[0]!.purposes).toContain('ai_training')
})
