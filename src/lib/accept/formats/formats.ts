import type { Fields } from '../fields.ts'
import { accessLine } from './access-line.ts'
import { alb } from './alb.ts'
import { ballcone } from './ballcone.ts'
import { caddy } from './caddy.ts'
import { ecs } from './ecs.ts'
import type { Format } from './format.ts'
import { gelf } from './gelf.ts'
import { haproxy } from './haproxy.ts'
import { kong } from './kong.ts'
import { logpush } from './logpush.ts'
import { generic, nginx } from './names.ts'
import { fluentBit, vector } from './shippers.ts'
import { traefik } from './traefik.ts'

/** The formats of JSON records, most specific first. */
export const recordFormats: readonly Format<Fields>[] = [
  ballcone,
  logpush,
  traefik,
  caddy,
  kong,
  gelf,
  ecs,
  vector,
  fluentBit,
  nginx,
  generic
]

/** The formats of text lines, most specific first. */
export const lineFormats: readonly Format<string>[] = [alb, haproxy, accessLine]
