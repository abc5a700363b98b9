import type { Fields } from '../fields.ts'
import { accessLine } from './access-line.ts'
import { akamai } from './akamai.ts'
import { alb } from './alb.ts'
import { azure } from './azure.ts'
import { ballcone } from './ballcone.ts'
import { caddy } from './caddy.ts'
import { ecs } from './ecs.ts'
import { envoy } from './envoy.ts'
import { apacheErrorLog, nginxErrorLog } from './error-log.ts'
import type { Format, Spelling } from './format.ts'
import { gelf } from './gelf.ts'
import { generic, nginx } from './generic.ts'
import { gin } from './gin.ts'
import { google } from './google.ts'
import { haproxy } from './haproxy.ts'
import { iis } from './iis.ts'
import { kong } from './kong.ts'
import { logfmt } from './logfmt.ts'
import { logpush } from './logpush.ts'
import { ltsv } from './ltsv.ts'
import { morgan } from './morgan.ts'
import { nginxProxyManager } from './nginx-proxy-manager.ts'
import { s3 } from './s3.ts'
import { serilog } from './serilog.ts'
import { fluentBit, grok, vector } from './shippers.ts'
import { squid } from './squid.ts'
import { tomcat } from './tomcat.ts'
import { traefik } from './traefik.ts'
import { uvicorn } from './uvicorn.ts'
import { vercel } from './vercel.ts'
import { werkzeug } from './werkzeug.ts'

/** The formats of JSON records, most specific first. */
export const recordFormats: readonly Format<Fields>[] = [
  ballcone,
  logpush,
  serilog,
  traefik,
  caddy,
  kong,
  google,
  vercel,
  akamai,
  azure,
  gelf,
  ecs,
  tomcat,
  vector,
  grok,
  fluentBit,
  nginx,
  generic
]

/** The formats of text lines, most specific first. */
export const lineFormats: readonly Format<string>[] = [
  accessLine,
  alb,
  haproxy,
  envoy,
  nginxProxyManager,
  s3,
  squid,
  uvicorn,
  gin,
  werkzeug,
  morgan,
  iis,
  nginxErrorLog,
  apacheErrorLog
]

/** How records are written as lines. */
export const spellings: readonly Spelling[] = [ltsv, logfmt]
