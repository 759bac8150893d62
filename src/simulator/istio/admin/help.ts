// What the admin page answers to /help and to a path that it does not know: its commands.
const COMMANDS: readonly [string, string][] = [
  ['/', 'Admin home page'],
  ['/certs', 'print certs on machine'],
  ['/clusters', 'upstream cluster status'],
  ['/config_dump', 'dump current Envoy configs'],
  ['/healthcheck/fail (POST)', 'cause the server to fail health checks'],
  ['/healthcheck/ok (POST)', 'cause the server to pass health checks'],
  ['/help', 'print out list of admin commands'],
  ['/init_dump', 'dump current Envoy init manager information (experimental)'],
  ['/listeners', 'print listener info'],
  ['/logging (POST)', 'query/change logging levels'],
  ['/quitquitquit (POST)', 'exit the server'],
  ['/ready', 'print server state, return 200 if LIVE, otherwise return 503'],
  ['/server_info', 'print server version/status information'],
  ['/stats', 'print server stats'],
  ['/stats/prometheus', 'print server stats in prometheus format'],
];

export const HELP = `admin commands are:\n${COMMANDS.map(([path, what]) => `  ${path}: ${what}\n`).join('')}`;
