/** `practica.rubrica.yaml`, `rubrica.yml`, `Rúbrica final.yaml`… */
export function isRubricName(fileName: string): boolean {
  return /r[uú]brica[^/\\]*\.ya?ml$/i.test(fileName.normalize('NFC'));
}
