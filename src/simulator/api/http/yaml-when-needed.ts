// What is used of the YAML library, by a name of our own: loaded when first needed, for it is large and most requests are JSON.
// Of a CommonJS package that is loaded late a bundle in parts, as the extension's is, gives no names but `default`.
export { isScalar, LineCounter, parse, parseDocument, stringify, visit } from 'yaml';
