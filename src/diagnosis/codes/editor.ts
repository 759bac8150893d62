import type { CatalogueEntry } from './entry.ts';

export const editorCodes = {
  'MALLA-EDI-01': {
    title: 'La extensión no puede arrancar el programa de Malla',
    why: 'La extensión trae su propio programa y lo ejecuta con el Node de VS Code; sin él solo se puede leer.',
    cure: 'Vuelve a instalar la extensión.',
  },
  'MALLA-EDI-02': {
    title: 'El programa de Malla se ha cerrado sin decir por qué',
    why: 'Mientras no vuelva a funcionar nadie vigila el clúster, así que los estados de los pasos no se ponen al día.',
    cure: 'Pulsa «Reintentar»; si vuelve a pasar, avisa con el texto del aviso.',
  },
  'MALLA-EDI-03': {
    title: 'La extensión no entiende lo que contesta su programa',
    why: 'Suele ser una actualización a medias: la extensión y su programa son de versiones distintas.',
    cure: 'Recarga la ventana; si sigue igual, vuelve a instalar la extensión.',
  },
  'MALLA-EDI-04': {
    title: 'Una orden de la solución ha fallado',
    why: 'El resto de las órdenes de ese paso no se ha ejecutado.',
    cure: 'Lee lo que dice la orden y comprueba que los pasos y laboratorios anteriores están hechos.',
  },
  'MALLA-EDI-05': {
    title: 'La solución está aplicada y aun así el paso no está bien',
    why: 'Suele ser que el clúster todavía no la ha puesto en marcha, o que algo de antes lo impide.',
    cure: 'Espera unos segundos y vuelve a verificar; después, mira si los laboratorios anteriores siguen bien.',
  },
  'MALLA-EDI-06': {
    title: 'Un fichero del laboratorio quedaría fuera de su carpeta',
    why: 'Malla solo escribe dentro de la carpeta del laboratorio, también a través de enlaces.',
    cure: 'Si hay un enlace o una carpeta con ese nombre en la carpeta del laboratorio, quítalo.',
  },
} satisfies Record<string, CatalogueEntry>;
