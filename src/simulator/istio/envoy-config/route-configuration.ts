// The frame around routes: a route configuration and its virtual hosts.
import { type Json, TYPE } from './json.ts';

export function routeConfiguration(name: string, hosts: readonly Json[]): Json {
  return {
    '@type': `${TYPE}envoy.config.route.v3.RouteConfiguration`,
    name,
    virtual_hosts: hosts,
    validate_clusters: false,
    max_direct_response_body_size_bytes: 1_048_576,
    ignore_port_in_host_matching: true,
  };
}

export function virtualHost(name: string, domains: readonly string[], routes: readonly Json[]): Json {
  return { name, domains, routes, include_request_attempt_count: true };
}
