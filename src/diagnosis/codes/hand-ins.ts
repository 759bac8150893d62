import type { CatalogueEntry } from './entry.ts';

const askAgain = 'Pide a quien la entregó que la haga otra vez con «malla entregar» y no la abra ni la cambie.';

/** Of hand-ins: making them, and reading them as a stranger's. */
export const handInCodes = {
  'MALLA-ENT-02': {
    title: 'Una entrega es demasiado grande',
    why: 'Una entrega ocupa unos cientos de KB; lo que pasa del límite no se abre.',
    cure: askAgain,
  },
  'MALLA-ENT-03': { title: 'Una entrega está vacía', why: 'El fichero no tiene nada dentro.', cure: askAgain },
  'MALLA-ENT-04': {
    title: 'Una entrega no es un zip entero',
    why: 'Está cortada, dañada o es otra cosa con ese nombre.',
    cure: askAgain,
  },
  'MALLA-ENT-05': {
    title: 'Un zip lleva rutas que salen de su carpeta',
    why: 'Al abrirlo, un fichero podría escribirse en cualquier sitio. Malla no escribe nada de lo que trae, y no sigue leyendo.',
    cure: askAgain,
  },
  'MALLA-ENT-06': {
    title: 'Un zip lleva enlaces u otras entradas especiales',
    why: 'Una entrega solo tiene ficheros con texto.',
    cure: askAgain,
  },
  'MALLA-ENT-07': {
    title: 'Un zip tiene demasiadas entradas',
    why: 'Una entrega tiene cientos, no decenas de miles.',
    cure: askAgain,
  },
  'MALLA-ENT-08': {
    title: 'Un zip se hincha más de lo que se admite',
    why: 'Poco comprimido que ocupa mucho al abrirse llena la memoria: se deja de leer en cuanto pasa del límite.',
    cure: askAgain,
  },
  'MALLA-ENT-09': {
    title: 'Un zip tiene dos entradas con el mismo nombre',
    why: 'No se sabe cuál de las dos es la buena.',
    cure: askAgain,
  },
  'MALLA-ENT-10': {
    title: 'Un zip usa algo que las entregas no usan',
    why: 'Cifrado, varios discos, zip64 u otra compresión: nada de eso sale de «malla entregar».',
    cure: askAgain,
  },
  'MALLA-ENT-11': {
    title: 'Un texto de una entrega no está en UTF-8',
    why: 'Con otra codificación no se puede saber qué dice.',
    cure: 'Guarda el fichero en UTF-8 y entrega otra vez.',
  },
  'MALLA-ENT-12': {
    title: 'Una entrega no sigue su formato',
    why: 'Le falta entrega.json, o un campo no es lo que debe ser.',
    cure: askAgain,
  },
  'MALLA-ENT-13': {
    title: 'Una entrega es de una Malla más nueva',
    why: 'Esta no sabe leer su formato.',
    cure: 'Actualiza Malla en la máquina que corrige.',
  },
  'MALLA-ENT-14': {
    title: 'Una entrega trae campos con nombres que cambian el programa que los lee',
    why: '«__proto__» y parecidos no son nunca parte de una entrega; alguien los ha puesto.',
    cure: askAgain,
  },
  'MALLA-ENT-15': {
    title: 'Un fichero de la entrega no es el que se entregó',
    why: 'Su huella no es la que dice entrega.json: ha cambiado después.',
    cure: askAgain,
  },
  'MALLA-ENT-16': {
    title: 'Una entrega trae ficheros que no nombra',
    why: 'Se han añadido después de hacerla. No se leen.',
    cure: 'Nada, si lo demás cuadra.',
  },
  'MALLA-ENT-17': {
    title: 'El registro de la entrega se ha cambiado',
    why: 'Cada registro lleva la huella del anterior, y en uno ya no cuadra: se ha cambiado, quitado, añadido o movido alguno.',
    cure: 'La nota sale de repetir el trabajo; pregunta a quien la entregó qué pasó con el registro.',
  },
  'MALLA-ENT-18': {
    title: 'La firma no es de lo que trae la entrega',
    why: 'entrega.json ha cambiado después de firmarla.',
    cure: askAgain,
  },
  'MALLA-ENT-19': {
    title: 'La entrega está firmada con la clave de otro curso',
    why: 'El sello no lo ha dado la clave con la que corriges.',
    cure: 'Comprueba que corriges con la clave del curso, o da al alumno su sello.',
  },
  'MALLA-ENT-20': {
    title: 'La entrega está firmada con el sello de otro alumno',
    why: 'El código de la entrega y el del sello no son el mismo.',
    cure: 'Pregunta a los dos; puede ser un ordenador compartido.',
  },
  'MALLA-ENT-21': {
    title: 'La entrega no está firmada',
    why: 'El curso da sellos y esta no lleva ninguno: no se sabe si ha cambiado por el camino.',
    cure: 'Pide que la haga con «malla entregar --sello FICHERO».',
  },
  'MALLA-ENT-22': {
    title: 'Las horas de la entrega no pueden ser',
    why: 'Van hacia atrás o están en el futuro: el reloj de esa máquina se cambió o estaba mal.',
    cure: 'Usa la hora a la que te llegó el fichero para decidir si es tarde.',
  },
  'MALLA-ENT-27': {
    title: 'Un YAML de la entrega se multiplica al leerlo',
    why: 'Unas anclas que se nombran unas a otras pueden ocupar toda la memoria. No se lee.',
    cure: 'Escribe el objeto sin anclas ni alias.',
  },
  'MALLA-ENT-28': {
    title: 'Un YAML de la entrega no es un objeto',
    why: 'No se entiende, o no tiene apiVersion, kind y nombre.',
    cure: 'Corrige el fichero y entrega otra vez.',
  },
  'MALLA-ENT-30': {
    title: 'La entrega trae demasiados objetos, o alguno demasiado grande',
    why: 'Un laboratorio tiene decenas de objetos de pocos KB.',
    cure: askAgain,
  },
  'MALLA-ENT-37': {
    title: 'El zip no está escrito como los escribe Malla',
    why: 'Alguien lo ha abierto y vuelto a comprimir, o se ha dañado donde no hay contenido. Lo de dentro se comprueba aparte.',
    cure: 'Nada, si lo demás cuadra.',
  },
  'MALLA-ENT-38': {
    title: 'Un texto de la entrega trae caracteres que no se ven',
    why: 'Órdenes para el terminal o letras que cambian el sentido de la escritura pueden hacer que se lea otra cosa. Se enseñan por su código.',
    cure: 'Mira ese texto con cuidado.',
  },
  'MALLA-ENT-39': {
    title: 'Un texto de la entrega quiere ser HTML o una fórmula',
    why: 'En un informe o en una hoja de cálculo podría ejecutarse. Se escribe siempre como texto.',
    cure: 'Nada: en los informes no hace efecto.',
  },
  'MALLA-ENT-50': {
    title: 'No se sabe de quién es la entrega',
    why: 'Quien corrige tiene que saber a quién poner la nota; basta un código, sin el nombre.',
    cure: 'Di el tuyo con --alumno CÓDIGO.',
  },
  'MALLA-ENT-51': {
    title: 'No hay nada que entregar',
    why: 'Una entrega se hace con lo que se ha ido comprobando.',
    cure: 'Comprueba algún paso y vuelve a entregar.',
  },
  'MALLA-ENT-52': {
    title: 'El sello de alumno no se puede leer',
    why: 'No es el fichero que te dio quien corrige.',
    cure: 'Pide tu sello otra vez.',
  },
} satisfies Record<string, CatalogueEntry>;
