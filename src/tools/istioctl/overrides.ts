// `--set path=value` and IstioOperator files, over a profile's settings.
import { parse } from 'yaml';
import { ToolError } from '../tool.ts';
import { type InstallSettings, isValues, profileSettings, type Values } from './manifests/settings.ts';

/** `files` are the texts of `-f`, in order. Throws ToolError in the real one's words. */
export function settingsFrom(sets: readonly string[], files: readonly string[]): InstallSettings {
  const spec: Values = {};
  for (const file of files) mergeInto(spec, operatorSpec(file));
  for (const set of sets) assign(spec, set);
  const profile = spec.profile === undefined ? 'default' : String(spec.profile);
  const settings = profileSettings(profile);
  if (!settings)
    throw new ToolError(
      `generate config: merge inputs: profile "${profile}" not found: open profiles/${profile}.yaml: file does not exist`,
    );
  return override(settings, spec);
}

function override(settings: InstallSettings, spec: Values): InstallSettings {
  const { profile: _, hub, tag, values, meshConfig, components, namespace, ...unknown } = spec;
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined)
    throw new ToolError(
      `generate config: could not unmarshal: error unmarshaling JSON: while decoding JSON: json: unknown field "${stranger}"`,
    );
  if (namespace !== undefined) settings.namespace = String(namespace);
  const global = settings.values.global as Values;
  if (hub !== undefined) global.hub = hub;
  if (tag !== undefined) global.tag = tag;
  if (isValues(values)) mergeInto(settings.values, values);
  if (isValues(meshConfig)) mergeInto(settings.meshConfig, meshConfig);
  settings.ingress = enabled(components, 'ingressGateways', settings.ingress);
  settings.egress = enabled(components, 'egressGateways', settings.egress);
  return settings;
}

function enabled(components: unknown, name: string, otherwise: boolean): boolean {
  const list = isValues(components) ? components[name] : undefined;
  const [first] = Array.isArray(list) ? (list as unknown[]) : [];
  return isValues(first) && typeof first.enabled === 'boolean' ? first.enabled : otherwise;
}

function operatorSpec(text: string): Values {
  let object: unknown;
  try {
    object = parse(text);
  } catch (error) {
    throw new ToolError(`could not unmarshal: ${error instanceof Error ? error.message : error}`);
  }
  return isValues(object) && isValues(object.spec) ? object.spec : {};
}

/** A dot separates names unless a backslash stands before it; `[0]` and `[name:x]` choose an item of a list. */
function assign(spec: Values, set: string): void {
  const equals = set.indexOf('=');
  if (equals < 0) throw new ToolError(`failed parsing set flag: ${set}: must be of the form key=value`);
  const names = pathOf(set.slice(0, equals));
  const value = scalar(set.slice(equals + 1));
  if (names.some((name) => dangerous.has(String(name)))) throw new ToolError(`invalid path in --set: ${set}`);
  let here: Values = spec;
  names.forEach((name, index) => {
    if (index === names.length - 1) {
      here[name] = value;
      return;
    }
    // A list is an object whose names are numbers, for as long as it is being built.
    here[name] ??= typeof names[index + 1] === 'number' ? [] : {};
    here = here[name] as Values;
  });
}

function pathOf(path: string): (string | number)[] {
  return path
    .split(/(?<!\\)\./)
    .map((part) => part.replaceAll('\\.', '.'))
    .flatMap((part) => {
      const [, name, item] = /^(.*?)\[(.*)\]$/.exec(part) ?? [];
      if (name === undefined || item === undefined) return [part];
      // Items have names in files; the profiles have one gateway of each kind, so every name means the first.
      return [name, /^\d+$/.test(item) ? Number(item) : 0];
    });
}

function scalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^[[{]/.test(text)) return parse(text);
  return text;
}

const dangerous = new Set(['__proto__', 'constructor', 'prototype']);

function mergeInto(base: Values, over: Values): void {
  for (const [name, value] of Object.entries(over)) {
    if (dangerous.has(name)) continue;
    const below = base[name];
    if (isValues(below) && isValues(value)) mergeInto(below, value);
    else base[name] = value;
  }
}
