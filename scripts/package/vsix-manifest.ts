// The two files that make a ZIP an extension: what it is, and the types of its files.

export interface VsixFacts {
  name: string;
  publisher: string;
  version: string;
  displayName: string;
  description: string;
  engine: string;
  categories: readonly string[];
  keywords: readonly string[];
  extensionKind: readonly string[];
}

export function vsixManifest(facts: VsixFacts): string {
  const property = (id: string, value: string): string =>
    `      <Property Id="Microsoft.VisualStudio.${id}" Value="${xml(value)}"/>`;
  const asset = (type: string, path: string): string =>
    `    <Asset Type="Microsoft.VisualStudio.${type}" Path="extension/${path}" Addressable="true"/>`;
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="es" Id="${xml(facts.name)}" Version="${xml(facts.version)}" Publisher="${xml(facts.publisher)}"/>
    <DisplayName>${xml(facts.displayName)}</DisplayName>
    <Description xml:space="preserve">${xml(facts.description)}</Description>
    <Tags>${xml(facts.keywords.join(','))}</Tags>
    <Categories>${xml(facts.categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
${[
  property('Code.Engine', facts.engine),
  property('Code.ExtensionDependencies', ''),
  property('Code.ExtensionPack', ''),
  property('Code.ExtensionKind', facts.extensionKind.join(',')),
  property('Services.Content.Pricing', 'Free'),
].join('\n')}
    </Properties>
    <License>extension/LICENSE.txt</License>
    <Icon>extension/media/icon.png</Icon>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
${[
  asset('Code.Manifest', 'package.json'),
  asset('Services.Content.Details', 'README.md'),
  asset('Services.Content.Changelog', 'CHANGELOG.md'),
  asset('Services.Content.License', 'LICENSE.txt'),
  asset('Services.Icons.Default', 'media/icon.png'),
].join('\n')}
  </Assets>
</PackageManifest>
`;
}

const types: Record<string, string> = {
  br: 'application/octet-stream',
  cjs: 'application/javascript',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  md: 'text/markdown',
  mjs: 'application/javascript',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  vsixmanifest: 'text/xml',
  yaml: 'text/yaml',
};

/** Throws for a file whose type nobody has written here. */
export function contentTypes(paths: readonly string[]): string {
  const endings = [...new Set(paths.map((path) => path.slice(path.lastIndexOf('.') + 1)))].sort();
  const defaults = endings.map((ending) => {
    const type = types[ending];
    if (!type) throw new Error(`No content type is known for files that end in .${ending}.`);
    return `<Default Extension=".${ending}" ContentType="${type}"/>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${defaults.join('')}</Types>
`;
}

function xml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? '&quot;');
}
