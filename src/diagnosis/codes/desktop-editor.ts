import type { CatalogueEntry } from './entry.ts';

/** Of `npm run test:electron`; the texts that people read at that moment are in scripts/electron-tests.ts. */
export const desktopEditorCodes = {
  'MALLA-SIS-90': {
    title: 'No se puede descargar un VS Code para probar la extensión',
    why: 'Las pruebas en el VS Code de escritorio descargan uno de update.code.visualstudio.com, que no contesta.',
    cure: 'Comprueba la conexión, o di con MALLA_VSCODE dónde está el programa de uno ya instalado.',
  },
  'MALLA-SIS-91': {
    title: 'El VS Code de escritorio no se abre en esta máquina',
    why: 'Necesita una pantalla, y en Linux las bibliotecas de un escritorio.',
    cure: 'Hazlo en un escritorio, o instala Xvfb; «npm run editor» prueba lo mismo en el navegador sin ninguno.',
  },
} satisfies Record<string, CatalogueEntry>;
