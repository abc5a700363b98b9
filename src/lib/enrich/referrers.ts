/** Domains by kind; each stands for its subdomains too, and a longer one goes before a shorter. */
const byEnding: Readonly<Record<string, string>> = {
  search:
    'bing.com duckduckgo.com html.duckduckgo.com ecosia.org qwant.com search.brave.com startpage.com kagi.com ' +
    'mojeek.com swisscows.com metager.de metager.org baidu.com sogou.com so.com m.sm.cn sm.cn haosou.com ' +
    'yandex.com yandex.ru ya.ru yandex.by yandex.kz yandex.ua yandex.com.tr go.mail.ru nova.rambler.ru rambler.ru ' +
    'search.naver.com search.daum.net search.yahoo.com search.yahoo.co.jp seznam.cz search.seznam.cz coccoc.com ' +
    'ask.com search.aol.com aol.com lycos.com dogpile.com gigablast.com presearch.com presearch.org petalsearch.com ' +
    'search.marginalia.nu wiby.me stract.com searx.be searxng.org oceanhero.today lilo.org karmasearch.org ' +
    'ekoru.org info.com webcrawler.com excite.com fireball.de t-online.de suche.t-online.de search.ch ' +
    'suche.web.de suche.gmx.net onesearch.com search.lilo.org gibiru.com infinitysearch.co entireweb.com ' +
    'com.google.android.googlequicksearchbox com.duckduckgo.mobile.android ' +
    'syndicatedsearch.goog cse.google.com scholar.google.com',
  social:
    'facebook.com fb.com fb.me m.me messenger.com lm.facebook.com instagram.com threads.net threads.com t.co ' +
    'twitter.com x.com linkedin.com lnkd.in com.linkedin.android reddit.com redd.it com.reddit.frontpage old.reddit.com ' +
    'news.ycombinator.com hckrnews.com lobste.rs tildes.net slashdot.org digg.com mix.com ' +
    'youtube.com youtu.be tiktok.com snapchat.com pinterest.com pin.it com.pinterest tumblr.com vk.com vk.ru ok.ru ' +
    'dzen.ru weibo.com weibo.cn zhihu.com douban.com xiaohongshu.com bilibili.com xing.com quora.com medium.com ' +
    'bsky.app go.bsky.app mastodon.social mastodon.online mstdn.social mas.to fosstodon.org hachyderm.io infosec.exchange ' +
    'chaos.social social.lol techhub.social mastodon.world mstdn.jp pixelfed.social lemmy.world lemmy.ml beehaw.org ' +
    'kbin.social feddit.de feddit.org sh.itjust.works programming.dev discord.com discordapp.com telegram.org t.me ' +
    'web.telegram.org org.telegram.messenger whatsapp.com wa.me com.slack slack.com app.slack.com teams.microsoft.com ' +
    'line.me kakao.com disqus.com flipboard.com nextdoor.com twitch.tv producthunt.com indiehackers.com b.hatena.ne.jp ' +
    'com.twitter.android com.facebook.katana com.instagram.android wechat.com weixin.qq.com truthsocial.com gab.com',
  ai:
    'chatgpt.com chat.openai.com openai.com perplexity.ai claude.ai gemini.google.com bard.google.com ' +
    'notebooklm.google.com aistudio.google.com copilot.microsoft.com copilot.cloud.microsoft m365.cloud.microsoft ' +
    'you.com phind.com chat.mistral.ai chat.deepseek.com deepseek.com grok.com x.ai poe.com meta.ai duck.ai ' +
    'chat.qwen.ai kimi.com kimi.moonshot.cn doubao.com yiyan.baidu.com chatglm.cn tongyi.aliyun.com iask.ai ' +
    'andisearch.com felo.ai genspark.ai komo.ai exa.ai character.ai pi.ai huggingface.co assistant.kagi.com ' +
    'manus.im lechat.mistral.ai com.openai.chatgpt ai.perplexity.app.android com.anthropic.claude',
  email:
    'mail.google.com com.google.android.gm outlook.live.com outlook.office.com outlook.office365.com mail.yahoo.com ' +
    'mail.yahoo.co.jp mail.aol.com mail.ru e.mail.ru mail.yandex.ru mail.yandex.com mail.proton.me proton.me ' +
    'protonmail.com fastmail.com app.fastmail.com tutanota.com tuta.com gmx.net gmx.com web.de icloud.com zoho.com ' +
    'mail.zoho.com roundcube.net hey.com app.hey.com mail.163.com mail.126.com mail.qq.com seznam.email email.seznam.cz ' +
    'mailchi.mp list-manage.com campaign-archive.com substack.com buttondown.email com.microsoft.office.outlook',
  link:
    'translate.google.com docs.google.com drive.google.com sites.google.com groups.google.com classroom.google.com ' +
    'baike.baidu.com tieba.baidu.com'
}

/** First labels that own their name under every country: google.de, google.co.uk, yahoo.fr. */
export const names: ReadonlyMap<string, string> = new Map([
  ['google', 'search'],
  ['yahoo', 'search'],
  ['yandex', 'search'],
  ['bing', 'search'],
  ['ask', 'search'],
  ['pinterest', 'social'],
  ['mastodon', 'social']
])

export const endings: ReadonlyMap<string, string> = new Map(
  Object.entries(byEnding).flatMap(([kind, domains]) =>
    domains.split(' ').map((domain): [string, string] => [domain, kind])
  )
)
