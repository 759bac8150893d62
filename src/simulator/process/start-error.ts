// Why the cluster's process cannot start, for a person: the same fields as the errors of src/cluster, which this program
// may not import. It travels as one line of JSON on stdout.

export interface StartErrorFields {
  code: string;
  happened: string;
  expected: string;
  todo: string;
}

export class StartError extends Error {
  readonly code: string;
  readonly fields: StartErrorFields;

  constructor(fields: StartErrorFields, cause?: unknown) {
    super(`${fields.code}: ${fields.happened}`, { cause });
    this.name = 'StartError';
    this.code = fields.code;
    this.fields = fields;
  }
}

export function folderLocked(folder: string, pid: number | undefined): StartError {
  return new StartError({
    code: 'MALLA-CLU-01',
    happened: `La carpeta de estado ${folder} la está usando otro proceso${pid ? ` (${pid})` : ''}.`,
    expected: 'Cada carpeta de estado es de un solo clúster en marcha.',
    todo: 'Usa el clúster que ya funciona, o páralo con «malla cluster parar» y vuelve a intentarlo.',
  });
}

export type PortRole = 'API' | 'entrada' | 'entrada segura' | 'máquinas';

const KEYS: Record<PortRole, string> = {
  API: 'port',
  entrada: 'entryPort',
  'entrada segura': 'secureEntryPort',
  máquinas: 'machinesPort',
};

export function portInUse(port: number, role: PortRole, folder: string): StartError {
  return new StartError({
    code: 'MALLA-CLU-02',
    happened: `Otro programa está usando el puerto ${port} de este equipo, que es el puerto de ${role === 'API' ? 'la API' : role === 'máquinas' ? 'las máquinas' : 'entrada'} de tu clúster.`,
    expected: 'El puerto que el clúster eligió la primera vez debe seguir libre, para que sus direcciones no cambien.',
    todo: `Cierra el programa que lo usa, o quita la línea «${KEYS[role]}» de ${folder}/cluster.json para que se elija otro.`,
  });
}

export function folderNotWritable(folder: string, cause: unknown): StartError {
  return new StartError(
    {
      code: 'MALLA-CLU-03',
      happened: `No se puede escribir en la carpeta de estado ${folder} (${reasonOf(cause)}).`,
      expected: 'Malla guarda ahí el contenido del clúster y tiene que poder crear y cambiar ficheros.',
      todo: 'Da permiso de escritura a tu usuario, libera espacio, o elige otra carpeta con la variable MALLA_HOME.',
    },
    cause,
  );
}

export function folderNotOurs(folder: string): StartError {
  return new StartError({
    code: 'MALLA-CLU-04',
    happened: `La carpeta ${folder} tiene cosas que no son de un clúster de Malla.`,
    expected: 'Una carpeta que no exista, que esté vacía o que ya sea de Malla: no se toca lo que no es suyo.',
    todo: 'Elige otra carpeta con la variable MALLA_HOME, o mueve a otro sitio lo que hay en esta.',
  });
}

export function fileCorrupt(path: string, todo: string, cause?: unknown): StartError {
  return new StartError(
    {
      code: 'MALLA-CLU-05',
      happened: `El fichero ${path} está dañado.`,
      expected: 'Un fichero tal como lo escribió Malla.',
      todo,
    },
    cause,
  );
}

export function badArgument(argument: string, expected: string): StartError {
  return new StartError({
    code: 'MALLA-CLU-09',
    happened: `El argumento ${argument} no vale.`,
    expected,
    todo: 'Corrige la orden y repítela.',
  });
}

/** Any error as the fields of a start error: other rooms' coded errors keep their code. */
export function asStartError(error: unknown): StartErrorFields {
  if (error instanceof StartError) return error.fields;
  const { code, happened, expected, todo, message } = (error ?? {}) as Partial<StartErrorFields> & { message?: string };
  if (code?.startsWith('MALLA-'))
    return { code, happened: happened ?? message ?? code, expected: expected ?? '', todo: todo ?? '' };
  return {
    code: 'MALLA-SIS-98',
    happened: `El clúster embebido ha fallado al arrancar: ${message ?? String(error)}`,
    expected: 'Esto no debería ocurrir: es un error de Malla, no tuyo.',
    todo: 'Repite la orden; si vuelve a pasar, avisa con el fichero simulator.log de la carpeta de estado.',
  };
}

function reasonOf(cause: unknown): string {
  const { code } = (cause ?? {}) as { code?: string };
  if (code === 'EACCES' || code === 'EPERM') return 'no tienes permiso';
  if (code === 'EROFS') return 'es un sistema de ficheros de solo lectura';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'no queda espacio';
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'en esa ruta hay un fichero';
  return code ?? (cause instanceof Error ? cause.message : String(cause));
}
