// The marks of labs, steps and checks in the language of the reader. Does not know `vscode`.
import type { StepMark } from '../../webview/protocol.ts';
import { t } from '../l10n.ts';

export function markName(mark: StepMark | 'en curso' | 'lectura'): string {
  switch (mark) {
    case 'correcto':
      return t('correcto');
    case 'superado':
      return t('superado');
    case 'incorrecto':
      return t('incorrecto');
    case 'no verificable':
      return t('no verificable');
    case 'comprobando':
      return t('comprobando');
    case 'pendiente':
      return t('pendiente');
    case 'en curso':
      return t('en curso');
    case 'lectura':
      return t('lectura');
  }
}
