import { type Fields, type Findings, fields, list, number, text } from './findings.ts';
import { validateTargets } from './selectors.ts';

export function validateTelemetry(spec: Fields, findings: Findings): void {
  validateTargets(spec, findings);
  for (const metrics of list(spec.metrics).map(fields)) validateMetrics(metrics, findings);
  const tracing = list(spec.tracing).map(fields);
  if (tracing.length > 1) findings.warn('multiple tracing is not currently supported');
  for (const item of tracing) validateTracing(item, findings);
  // The filter of a log is a CEL expression, which this validation does not compile.
  for (const logging of list(spec.accessLogging).map(fields)) validateProviders(logging.providers, findings);
}

function validateProviders(providers: unknown, findings: Findings): void {
  if (list(providers).some((provider) => text(fields(provider).name) === ''))
    findings.error('providers.name may not be empty');
}

function validateMetrics({ providers, overrides }: Fields, findings: Findings): void {
  validateProviders(providers, findings);
  for (const { tagOverrides, match } of list(overrides).map(fields)) {
    for (const [name, value] of Object.entries(fields(tagOverrides))) {
      const { operation, value: written } = fields(value);
      if (name === '') findings.warn('tagOverrides.name may not be empty');
      const upsert = operation === undefined || operation === 'UPSERT';
      if (upsert && text(written) === '') findings.error('tagOverrides.value must be set when operation is UPSERT');
      if (operation === 'REMOVE' && text(written) !== '')
        findings.error('tagOverrides.value may only be set when operation is UPSERT');
    }
    if (fields(match).customMetric === '') findings.error('customMetric may not be empty');
  }
}

function validateTracing({ providers, randomSamplingPercentage, customTags }: Fields, findings: Findings): void {
  if (list(providers).length > 1) findings.warn('multiple providers is not currently supported');
  validateProviders(providers, findings);
  const share = number(randomSamplingPercentage);
  if (share < 0 || share > 100) findings.error('randomSamplingPercentage must be in range [0.0, 100.0]');
  for (const [name, tag] of Object.entries(fields(customTags))) {
    if (name === '') findings.error('tag name may not be empty');
    const { literal, header, environment } = fields(tag);
    if (literal !== undefined && text(fields(literal).value) === '')
      findings.error('literal tag value may not be empty');
    if (header !== undefined && text(fields(header).name) === '') findings.error('header tag name may not be empty');
    if (environment !== undefined && text(fields(environment).name) === '')
      findings.error('environment tag name may not be empty');
  }
}
