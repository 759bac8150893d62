// The info string of a fence: `yaml fichero=a.yaml muestra=bookinfo/bookinfo.yaml`, `bash ejecutar`, `yaml comprobaciones`.

export interface FenceInfo {
  language: string;
  flags: string[];
  values: Record<string, string>;
}

export function readFenceInfo(info: string): FenceInfo {
  const [language = '', ...rest] = info.trim().split(/\s+/);
  const pairs = rest.filter((w) => w.includes('='));
  return {
    language,
    flags: rest.filter((w) => !w.includes('=')),
    values: Object.fromEntries(pairs.map((w) => [w.slice(0, w.indexOf('=')), w.slice(w.indexOf('=') + 1)])),
  };
}
