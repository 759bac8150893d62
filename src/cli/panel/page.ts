// The document of the views on the loopback address: empty but for Malla's own script and styles.

export const assets = {
  '/vistas.js': { file: ['dist', 'webview', 'views.js'], type: 'text/javascript; charset=utf-8' },
  '/base.css': { file: ['media', 'base.css'], type: 'text/css; charset=utf-8' },
  '/vistas.css': { file: ['media', 'views.css'], type: 'text/css; charset=utf-8' },
  // Made by the bundler from what the script imports.
  '/graficas.css': { file: ['dist', 'webview', 'views.css'], type: 'text/css; charset=utf-8' },
  '/temas.css': { file: ['media', 'themes.css'], type: 'text/css; charset=utf-8' },
  '/icono.svg': { file: ['media', 'icon-color.svg'], type: 'image/svg+xml' },
} as const;

export type AssetPath = keyof typeof assets;

export function panelPage(nonce: string): { html: string; policy: string } {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const html = `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/icono.svg">
<link rel="stylesheet" href="/temas.css">
<link rel="stylesheet" href="/graficas.css">
<link rel="stylesheet" href="/base.css">
<link rel="stylesheet" href="/vistas.css">
<title>Malla: vistas</title>
</head>
<body>
<div id="app"></div>
<div id="said" class="unseen" role="status" aria-live="polite"></div>
<script nonce="${nonce}" src="/vistas.js"></script>
</body>
</html>`;
  return { html, policy };
}
