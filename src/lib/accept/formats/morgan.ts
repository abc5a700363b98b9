import { named } from './named.ts'

/**
 * Morgan's `dev`, `tiny` and `short`, Express' logger. They name no time and show no agent, and the first two no client.
 */
export const morgan = named(
  'morgan',
  new RegExp(
    String.raw`^(?:(?<remote_addr>\S+) (?<user>\S+) (?=[A-Z-]+ \S+ HTTP\/))?` +
      String.raw`(?<method>[A-Z][A-Z-]{2,31}) (?<request_uri>[/*h]\S*)(?: (?<protocol>HTTP\/\d(?:\.\d)?))? (?<status>\d{3}|-) ` +
      String.raw`(?:(?<bytes>\d+|-) - (?<duration_ms>[\d.]+|-) ms|(?<took>[\d.]+|-) ms - (?<length>\d+|-))$`
  )
)
