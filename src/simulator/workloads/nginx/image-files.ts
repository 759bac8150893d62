// The files of nginx's image that it reads.
export const MAIN_FILE = '/etc/nginx/nginx.conf';
export const HTML_FOLDER = '/usr/share/nginx/html';

export const NGINX_FILES: Record<string, string> = {
  [MAIN_FILE]: `worker_processes auto;
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  keepalive_timeout 65;
  include /etc/nginx/conf.d/*.conf;
}
`,
  '/etc/nginx/mime.types': 'types { text/html html htm; text/css css; application/javascript js; text/plain txt; }\n',
  '/etc/nginx/conf.d/default.conf': `server {
  listen 80;
  server_name localhost;
  location / { root ${HTML_FOLDER}; index index.html index.htm; }
}
`,
  [`${HTML_FOLDER}/index.html`]: `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>The web server runs. Its configuration is the one that the image brings.</p>
</body>
</html>
`,
};
