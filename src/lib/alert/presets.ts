import type { AlertRule } from '#lib/schema/alerts.ts'

const rule = (id: string, title: string, other: Partial<AlertRule>): AlertRule => ({
  id,
  title,
  metric: 'rate',
  where: [],
  field: null,
  quantile: null,
  comparator: 'above',
  threshold: 10,
  window: 120,
  for: 0,
  recovery: null,
  severity: 'warning',
  labels: [],
  isOn: true,
  muted: null,
  quiet: [],
  ...other
})

/** The rules of a site whose owner has not changed them. */
export const presets: readonly AlertRule[] = [
  rule('high-traffic', 'High traffic', {}),
  rule('low-traffic', 'Low traffic', {
    metric: 'change',
    comparator: 'below',
    threshold: 20,
    window: 3_600,
    isOn: false
  }),
  rule('server-errors', 'Server errors', {
    metric: 'share',
    where: ['gt,status,499'],
    threshold: 5,
    window: 300,
    for: 60,
    recovery: 2,
    severity: 'critical'
  }),
  rule('slow', 'Slow responses', {
    metric: 'latency',
    quantile: 0.95,
    threshold: 1_000,
    window: 300,
    for: 60
  }),
  rule('login-failures', 'Login failures', {
    metric: 'count',
    where: ['is,status,401,403', 'has,path,login,signin,sign-in,xmlrpc'],
    threshold: 30,
    window: 60
  }),
  rule('silence', 'No requests', {
    metric: 'count',
    comparator: 'below',
    threshold: 1,
    window: 1_800,
    isOn: false
  }),
  // Off: a forwarder of a small site is silent at night.
  rule('forwarder-silent', 'Forwarder silent', {
    metric: 'silence',
    field: 'token',
    threshold: 600,
    window: 86_400,
    severity: 'critical',
    isOn: false
  }),
  // Off: a site that answers every path with the same page answers attacks with 2xx, too.
  rule('attack-answered', 'Attack answered 2xx', {
    metric: 'attacks',
    where: ['gt,status,199', 'lt,status,300'],
    threshold: 1,
    window: 300,
    severity: 'critical',
    isOn: false
  }),
  // Off: behind a proxy that hides addresses, all requests come from one network.
  rule('flood', 'Flood from one network', {
    metric: 'most',
    field: 'as_org',
    where: ['is,is_asset,false'],
    threshold: 1_200,
    window: 60,
    isOn: false
  })
]

/** A rule of HttpLogMonitor: a mean of requests a second over so many seconds. */
export const traffic = (id: string, title: string, threshold: number, window: number): AlertRule =>
  rule(id, title, { threshold, window })
