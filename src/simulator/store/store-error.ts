// Why the cluster's state cannot be read or kept, for a person. Nothing is ever repaired or deleted here: it is the student's.

export class StoreError extends Error {
  readonly code: string;
  readonly happened: string;
  readonly expected: string;
  readonly todo: string;
  constructor(fields: { code: string; happened: string; expected: string; todo: string }, cause?: unknown) {
    super(`${fields.code}: ${fields.happened}`, { cause });
    this.name = 'StoreError';
    this.code = fields.code;
    this.happened = fields.happened;
    this.expected = fields.expected;
    this.todo = fields.todo;
  }
}

/** What SQLite threw while `path` was opened or read, as a StoreError. */
export function openingError(path: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  return isDamage(error) ? damaged(path, error) : unreachable(path, error);
}

export function newerFormat(path: string, format: number): StoreError {
  return new StoreError({
    code: 'MALLA-EST-03',
    happened: `El fichero ${path} lo ha escrito una versión más nueva de Malla (formato ${format}).`,
    expected: 'Un fichero de esta versión de Malla o de una anterior.',
    todo: 'Actualiza Malla, o usa otra carpeta con la variable MALLA_HOME.',
  });
}

export function notKept(path: string, error: unknown): StoreError {
  return new StoreError(
    {
      code: 'MALLA-EST-04',
      happened: `No se ha podido guardar el último cambio en ${path} (${messageOf(error)}).`,
      expected: 'Espacio y permiso para escribir en la carpeta de estado.',
      todo: 'Libera espacio o devuelve el permiso, y repite el cambio.',
    },
    error,
  );
}

function damaged(path: string, error: unknown): StoreError {
  return new StoreError(
    {
      code: 'MALLA-EST-01',
      happened: `El contenido del clúster, ${path}, está dañado (${messageOf(error)}).`,
      expected: 'Una base de datos como la dejó Malla.',
      todo: 'Si tienes una copia, ponla en su lugar. Si no, empieza de cero con «malla cluster borrar»: hasta entonces no se toca nada.',
    },
    error,
  );
}

function unreachable(path: string, error: unknown): StoreError {
  return new StoreError(
    {
      code: 'MALLA-EST-02',
      happened: `No se puede abrir para escribir el contenido del clúster, ${path} (${messageOf(error)}).`,
      expected: 'Un fichero que tu usuario pueda leer y escribir, en un disco con espacio.',
      todo: 'Devuelve el permiso de escritura o libera espacio, o usa otra carpeta con la variable MALLA_HOME.',
    },
    error,
  );
}

/** SQLite's CORRUPT (11) and NOTADB (26); a row that is not JSON; tables of another shape (ERROR, 1). */
function isDamage(error: unknown): boolean {
  if (error instanceof SyntaxError) return true;
  const { errcode } = (error ?? {}) as { errcode?: number };
  return errcode !== undefined && [1, 11, 26].includes(errcode & 0xff);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
