// The directives that nginx knows: those that the model obeys, those that change nothing that can be seen here, and those
// that would and are not simulated. Any other is a mistake that stops nginx.

export type Standing = 'obeyed' | 'harmless' | 'not simulated';

export function standingOf(name: string): Standing | undefined {
  if (OBEYED.has(name)) return 'obeyed';
  if (HARMLESS.has(name)) return 'harmless';
  return NOT_SIMULATED.has(name) ? 'not simulated' : undefined;
}

const set = (text: string) => new Set(text.trim().split(/\s+/));

const OBEYED = set(`
  events http server location upstream include listen server_name root index default_type types return add_header
  proxy_pass proxy_set_header proxy_pass_request_headers proxy_http_version proxy_read_timeout
`);

const HARMLESS = set(`
  user worker_processes worker_connections worker_rlimit_nofile pid daemon error_log multi_accept use env load_module
  access_log log_format sendfile tcp_nopush tcp_nodelay keepalive keepalive_timeout keepalive_requests server_tokens
  client_max_body_size client_body_buffer_size client_body_timeout client_header_timeout client_header_buffer_size
  large_client_header_buffers send_timeout types_hash_max_size types_hash_bucket_size server_names_hash_bucket_size
  proxy_buffering proxy_buffers proxy_buffer_size proxy_busy_buffers_size proxy_connect_timeout proxy_send_timeout
  proxy_request_buffering proxy_socket_keepalive proxy_temp_path client_body_temp_path fastcgi_temp_path uwsgi_temp_path
  scgi_temp_path gzip gzip_types gzip_vary gzip_min_length gzip_proxied gzip_comp_level etag charset merge_slashes
  log_not_found log_subrequest absolute_redirect reset_timedout_connection resolver resolver_timeout zone
  underscores_in_headers server_name_in_redirect port_in_redirect
`);

const NOT_SIMULATED = set(`
  rewrite if set map geo try_files alias error_page auth_basic auth_basic_user_file auth_request allow deny limit_req
  limit_req_zone limit_conn limit_conn_zone limit_rate sub_filter sub_filter_once proxy_redirect proxy_next_upstream
  proxy_next_upstream_tries proxy_next_upstream_timeout proxy_cache proxy_cache_path proxy_cache_valid proxy_hide_header
  proxy_pass_header proxy_pass_request_body proxy_intercept_errors proxy_cookie_domain
  proxy_cookie_path proxy_method proxy_set_body proxy_ignore_headers proxy_ssl_server_name proxy_ssl_name
  proxy_ssl_verify proxy_bind ssl_certificate ssl_certificate_key ssl_protocols ssl_ciphers ssl_session_cache
  ssl_session_timeout ssl_prefer_server_ciphers http2 mirror mirror_request_body expires autoindex internal real_ip_header
  set_real_ip_from split_clients stub_status add_trailer add_before_body add_after_body fastcgi_pass fastcgi_param
  uwsgi_pass grpc_pass ip_hash least_conn hash random stream satisfy valid_referers recursive_error_pages
`);
