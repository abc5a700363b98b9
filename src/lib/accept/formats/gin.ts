import { named, quotedText } from './named.ts'

/** Gin's logger. Its time is local and names no zone; it shows no agent. Older versions do not quote the path. */
export const gin = named(
  'gin',
  new RegExp(
    String.raw`^\[GIN\] (?<date>\d{4}\/\d\d\/\d\d) - (?<clock>\d\d:\d\d:\d\d) \| *(?<status>\d{3}) *\| *` +
      String.raw`(?<duration>\d[\w.µμ]*) *\| *(?<remote_addr>[^\s|]*) *\| *(?<method>[A-Z]+) +` +
      String.raw`(?:"(?<request_uri>${quotedText})"|(?<url>[^\s"]+)) *$`
  ),
  ({ date, clock, ...found }) => ({ ...found, time: `${String(date)} ${String(clock)}` })
)
