// Conditions of a status, as istiod words them, without the times.

export interface Condition {
  type: string;
  status: 'True' | 'False';
  reason: string;
  message: string;
}

interface Problem {
  reason: string;
  message: string;
}

/** True with these words; when there is a problem, False with those of the problem. */
export function condition(type: string, reason: string, message: string, problem?: Problem | undefined): Condition {
  if (problem) return { type, status: 'False', reason: problem.reason, message: problem.message };
  return { type, status: 'True', reason, message };
}
