/** Where operators publish the lists of crawlers.ts and signers.ts as JSON. Nothing else is ever fetched for them. */
export const crawlerSources: Readonly<Record<string, string>> = {
  ahrefs: 'https://api.ahrefs.com/v3/public/crawler-ip-ranges',
  anthropic: 'https://claude.com/crawling/bots.json',
  apple: 'https://search.developer.apple.com/applebot.json',
  bing: 'https://www.bing.com/toolbox/bingbot.json',
  ccbot: 'https://index.commoncrawl.org/ccbot.json',
  duckassistbot: 'https://duckduckgo.com/duckassistbot.json',
  duckduckbot: 'https://duckduckgo.com/duckduckbot.json',
  'google-agents': 'https://developers.google.com/static/crawling/ipranges/user-triggered-agents.json',
  'google-common': 'https://developers.google.com/static/crawling/ipranges/common-crawlers.json',
  'google-fetchers':
    'https://developers.google.com/static/crawling/ipranges/user-triggered-fetchers-google.json',
  'google-keys': 'https://agent.bot.goog/.well-known/http-message-signatures-directory',
  'google-special': 'https://developers.google.com/static/crawling/ipranges/special-crawlers.json',
  'mistral-user': 'https://mistral.ai/mistralai-user-ips.json',
  'openai-adsbot': 'https://openai.com/adsbot.json',
  'openai-chatgpt-user': 'https://openai.com/chatgpt-user.json',
  'openai-gptbot': 'https://openai.com/gptbot.json',
  'openai-keys': 'https://chatgpt.com/.well-known/http-message-signatures-directory',
  'openai-searchbot': 'https://openai.com/searchbot.json',
  'perplexity-bot': 'https://www.perplexity.com/perplexitybot.json',
  'perplexity-user': 'https://www.perplexity.com/perplexity-user.json'
}
