// Counters that every cluster has from its first day on, with 0.

export const CLUSTER_COUNTERS: readonly string[] = [
  'upstream_cx_connect_fail',
  'upstream_cx_none_healthy',
  'upstream_rq_completed',
  'upstream_rq_pending_failure_eject',
  'upstream_rq_pending_overflow',
  'upstream_rq_pending_total',
  'upstream_rq_retry',
  'upstream_rq_retry_limit_exceeded',
  'upstream_rq_retry_overflow',
  'upstream_rq_retry_success',
  'upstream_rq_timeout',
  'upstream_rq_total',
];
