// The API server's refusals, printed as kubectl prints them.

export interface Status {
  kind: 'Status';
  status?: string;
  code?: number;
  reason?: string;
  message?: string;
  details?: {
    name?: string;
    kind?: string;
    group?: string;
    causes?: { reason?: string; field?: string; message?: string }[];
  };
}

export class StatusError extends Error {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message ?? '');
    this.status = status;
  }

  get isNotFound(): boolean {
    return this.status.reason === 'NotFound';
  }

  /** `doing`: what kubectl was about: `error when creating "f.yaml": `. */
  describe(doing = ''): string {
    const { reason, message = '', details = {}, code } = this.status;
    if (reason === 'Invalid' && (details.kind || details.causes)) return invalid(this.status);
    if (code === 401) return 'error: You must be logged in to the server (Unauthorized)';
    return `Error from server${reason ? ` (${reason})` : ''}: ${doing}${message}`;
  }
}

function invalid({ details = {} }: Status): string {
  const causes = (details.causes ?? []).map(({ field, message = '' }) => (field ? `${field}: ${message}` : message));
  const lines = [...new Set(causes)];
  const [only, ...more] = lines;
  // Of a patch that cannot be read, the server does not say of what.
  const subject = details.kind
    ? `The ${details.kind} ${JSON.stringify(details.name ?? '')} is invalid`
    : 'The request is invalid';
  if (only === undefined) return subject;
  return more.length === 0 ? `${subject}: ${only}` : `${subject}: \n${lines.map((l) => `* ${l}`).join('\n')}`;
}
