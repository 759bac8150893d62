// What can go wrong with a query, worded as Prometheus words it.

/** The query itself is wrong: HTTP 400, `bad_data`. */
export class QueryParseError extends Error {}

/** It was understood and cannot be computed: HTTP 422, `execution`. */
export class QueryExecutionError extends Error {}

/** It took too long: HTTP 503, `timeout`. */
export class QueryTimeout extends Error {
  constructor() {
    super('query timed out in expression evaluation');
  }
}
