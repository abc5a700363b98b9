/** Lines that programs write by default and no format reads, each with the expression that reads them. */
const programs: readonly RegExp[] = [
  // uWSGI: "[pid: 7|app: 0|req: 1/1] 203.0.113.7 () {36 vars in 608 bytes} […] GET /a => generated 12 bytes …".
  /^\[pid: \d+\|app: \S+\|req: \S+\] (?<remote_addr>\S+) \((?<remote_user>[^)]*)\) \{\d+ vars in \d+ bytes\} \[(?<time>[^\]]*)\] (?<request_method>[A-Z]+) (?<request_uri>\S+) => generated (?<body_bytes_sent>\d+) bytes in (?<request_time_ms>\d+) msecs .*\((?<server_protocol>HTTP\/\S+) (?<status>[1-5]\d\d)\)/,
  // PHP's own server.
  /^\[(?<time>[^\]]*)\] (?<remote_addr>\S+) \[(?<status>[1-5]\d\d)\]: (?<request_method>[A-Z]+) (?<request_uri>\S+)/,
  // Rails.
  /^(?:.* )?Started (?<request_method>[A-Z]+) "(?<request_uri>[^"]*)" for (?<remote_addr>\S+) at (?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4})/,
  // chi.
  /^(?<time>\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) (?:\[[^\]]*\] )?"(?<request>[^"]*)" from (?<remote_addr>\S+) - (?<status>[1-5]\d\d) (?<body_bytes_sent>\d+)B in (?<request_time>\S+)/,
  // Actix.
  /^\[(?<time>\S+) +[A-Z]+ +\S+\] (?<remote_addr>\S+) "(?<request>[^"]*)" (?<status>[1-5]\d\d) (?<body_bytes_sent>\d+) "(?<http_referer>[^"]*)" "(?<http_user_agent>[^"]*)" (?<request_time>[\d.]+)/
]

/** The format of the program whose line this is; null for a line of another. */
export const formatOfProgram = (line: string): string | null =>
  programs.find((program) => program.test(line))?.source ?? null
