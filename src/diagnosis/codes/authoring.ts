import type { CatalogueEntry } from './entry.ts';

/** For who writes labs. */
export const authoringCodes = {
  'MALLA-LAB-01': {
    title: 'Hay laboratorios mal escritos',
    why: 'Un curso con errores no se empieza: se dicen todos juntos, con fichero y línea.',
    cure: 'Corrige cada problema de la lista.',
  },
  'MALLA-LAB-02': {
    title: 'Falta la cabecera YAML',
    why: 'De ella salen el título, la duración y los requisitos del laboratorio.',
    cure: 'Empieza el fichero con «---», los datos del laboratorio y otro «---».',
  },
  'MALLA-LAB-03': {
    title: 'La cabecera no es YAML válido',
    why: 'No se puede leer ninguno de sus datos.',
    cure: 'Corrige la sintaxis de la línea que se señala.',
  },
  'MALLA-LAB-04': {
    title: 'Un dato de la cabecera no vale',
    why: 'Falta, sobra o no tiene la forma que debe.',
    cure: 'Mira la lista de campos en docs/escribir-un-lab.md.',
  },
  'MALLA-LAB-05': {
    title: 'El fichero es demasiado grande',
    why: 'Un laboratorio cabe de sobra en 256 KB.',
    cure: 'Reparte el contenido en varios laboratorios.',
  },
  'MALLA-LAB-06': {
    title: 'Un paso no tiene identificador',
    why: 'El progreso de cada alumno se guarda por ese nombre.',
    cure: 'Acaba el título con {#identificador}.',
  },
  'MALLA-LAB-07': {
    title: 'Dos pasos tienen el mismo identificador',
    why: 'No se sabría cuál de los dos está hecho.',
    cure: 'Da a cada paso uno distinto.',
  },
  'MALLA-LAB-08': {
    title: 'El laboratorio no tiene pasos',
    why: 'Un paso es un título de nivel 2.',
    cure: 'Escribe al menos un «## Título {#id}».',
  },
  'MALLA-LAB-09': {
    title: 'A un error típico le faltan datos',
    why: 'Ha de decir qué comprobación falla y con qué causa, porque se ejecuta como prueba.',
    cure: 'Escribe «::: error causa=MALLA-XXX-NN comprobacion=id Título».',
  },
  'MALLA-LAB-10': {
    title: 'El nombre de un fichero no vale',
    why: 'Los ficheros del alumno se crean en la carpeta del laboratorio y en ninguna otra.',
    cure: 'Usa un camino relativo sin «..».',
  },
  'MALLA-LAB-11': {
    title: 'No existe la muestra',
    why: 'El contenido del fichero sale de samples/.',
    cure: 'Mira los nombres que hay en samples/.',
  },
  'MALLA-LAB-12': {
    title: 'Una orden lleva algo que no se admite',
    why: 'Las órdenes se ejecutan sin consola: ni tuberías, ni variables, ni comodines.',
    cure: 'Escribe una orden simple por línea, o quita «ejecutar» para que solo se muestre.',
  },
  'MALLA-LAB-13': {
    title: 'Un programa no está permitido',
    why: 'Un laboratorio solo puede ejecutar los de una lista cerrada.',
    cure: 'Usa uno de la lista, o quita «ejecutar» para que solo se muestre.',
  },
  'MALLA-LAB-14': {
    title: 'Las comprobaciones no se pueden leer',
    why: 'Son una lista en YAML, sin alias.',
    cure: 'Corrige la línea que se señala.',
  },
  'MALLA-LAB-15': {
    title: 'Una comprobación no vale',
    why: 'Su tipo no existe o le falta o le sobra un campo.',
    cure: 'Mira las clases y sus campos en docs/escribir-un-lab.md.',
  },
  'MALLA-LAB-16': {
    title: 'Un bloque no existe',
    why: 'Los bloques «:::» son los de una lista cerrada.',
    cure: 'Usa uno de los que dice el mensaje.',
  },
  'MALLA-LAB-17': {
    title: 'Un bloque no se cierra',
    why: 'Todo lo que sigue quedaría dentro de él.',
    cure: 'Ciérralo con una línea «:::».',
  },
  'MALLA-LAB-18': {
    title: 'Dos comprobaciones del paso tienen el mismo id',
    why: 'No se sabría cuál de las dos falla.',
    cure: 'Da a cada una uno distinto.',
  },
  'MALLA-LAB-19': {
    title: 'Un error típico nombra una comprobación que no está',
    why: 'Ha de ser una del mismo paso.',
    cure: 'Usa el id de una de las que dice el mensaje.',
  },
  'MALLA-LAB-20': {
    title: 'Un paso se comprueba y no tiene solución',
    why: 'La solución escrita es lo que demuestra que el paso se puede hacer.',
    cure: 'Escribe un bloque «::: solucion» con lo que hay que crear y ejecutar.',
  },
  'MALLA-LAB-21': {
    title: 'El laboratorio requiere otro que no existe',
    why: 'Un laboratorio parte del estado en que otro deja el clúster.',
    cure: 'Corrige el nombre en «requiere».',
  },
  'MALLA-LAB-22': {
    title: 'El nombre no vale para un laboratorio',
    why: 'Es el nombre de su carpeta y lo que se escribe en las órdenes.',
    cure: 'Usa minúsculas, cifras y guiones, empezando por una letra.',
  },
  'MALLA-LAB-23': {
    title: 'Ya hay un laboratorio con ese nombre',
    why: 'Crear uno nuevo no pisa nunca lo que ya está escrito.',
    cure: 'Elige otro nombre, o cambia el que ya tienes.',
  },
  'MALLA-LAB-24': {
    title: 'Un laboratorio del que otros parten no se puede resolver',
    why: 'Para probar un laboratorio hay que llegar antes al estado en que empieza.',
    cure: 'Prueba y corrige primero ese laboratorio con «malla lab comprobar».',
  },
  'MALLA-LAB-25': {
    title: 'Una orden del texto no existe',
    why: 'Quien la copie recibirá un error que no es suyo.',
    cure: 'Corrige el nombre del programa o del verbo.',
  },
  'MALLA-LAB-26': {
    title: 'Un enlace o un dibujo no lleva a nada',
    why: 'En el panel se vería roto.',
    cure: 'Corrige el camino; es relativo a lab.md, o a un paso si empieza por #.',
  },
  'MALLA-LAB-27': {
    title: 'Un dibujo no dice qué se ve en él',
    why: 'Quien no puede verlo se queda sin esa parte de la explicación.',
    cure: 'Descríbelo entre los corchetes de ![…](…).',
  },
} satisfies Record<string, CatalogueEntry>;
