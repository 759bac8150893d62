// What a preflight finds, and its three levels.

export interface Finding {
  /** Documented in docs/errores.md; undefined when all is well. */
  code?: string;
  /** `impide` refuses the installation, `aviso` only says it. */
  level: 'bien' | 'aviso' | 'impide';
  /** Spanish sentences. */
  text: string;
  cure?: string;
}

export function bien(text: string): Finding {
  return { level: 'bien', text };
}

export function aviso(code: string, text: string, cure: string): Finding {
  return { level: 'aviso', code, text, cure };
}

export function impide(code: string, text: string, cure: string): Finding {
  return { level: 'impide', code, text, cure };
}
